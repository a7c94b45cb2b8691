"""Handles the forms on the two pages about a room: describe, mute, leave, archive and delete it, invite, moderate."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.mail.links import absolute_url
from accounts.statuses import end_of

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.protocol import whole_number
from ..kernel.slugs import same_name
from ..models import RoomKind
from ..services import (
    archiving,
    arranging,
    deletion,
    file_retention,
    invitation_links,
    levels,
    membership,
    personal_invitations,
    renaming,
    room_kinds,
    room_permissions,
)
from ..services.messages import set_topic_and_description
from . import ban_forms
from .limit_actions import LIMIT_ACTIONS
from .responses import get_time_zone, render_not_found
from .room_pages import render_about, render_people

_RENDERERS: dict[str, Callable[..., HttpResponse]] = {"about": render_about, "room_people": render_people}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def room_settings(request, name: str, page: str = "about"):
    """page: the name of a URL pattern, "about" or "room_people"."""
    try:
        room, mine = membership.get_visible_room_and_membership(request.user.id, name)
        if room.is_direct:
            return render_not_found(request)
    except ChatError:
        return render_not_found(request)
    return _handle_form(request, name, page) if request.method == "POST" else _RENDERERS[page](request, room, mine)


def _handle_form(request, name: str, page: str):
    """`do` names the form. Its action returns the text to show, or a response of its own."""
    action = _ACTIONS.get(request.POST.get("do"))
    if action is None:
        return redirect(page, name=name)
    try:
        rate_limits.check_post(request.user.id)  # some actions post a notice in the room
        said = action(request, name)
    except ChatError as error:
        messages.error(request, error.message)
        return redirect(page, name=name)
    if isinstance(said, HttpResponse):
        return said
    messages.success(request, said)
    return redirect(page, name=name)


def _set_topic_and_description(request, name: str) -> str:
    texts = {field: request.POST[field] for field in ("topic", "description") if field in request.POST}
    set_topic_and_description(request.user, name, **texts)
    return _("Saved.")


def _rename(request, name: str) -> str:
    renaming.rename(request.user, name, request.POST.get("title", ""))
    return _("Saved.")


def _change_kind(request, name: str) -> str:
    room = room_kinds.change_kind(request.user, name, request.POST.get("kind", ""))
    return _("The room is private now.") if room.kind == RoomKind.PRIVATE else _("The room is public now.")


def _set_files_days(request, name: str) -> str:
    room = file_retention.set_days(request.user, name, whole_number(request.POST.get("days")) or 0)
    days = file_retention.days_of(room)
    return _("Files are removed after %(days)s days.") % {"days": days} if days else _("Files are kept.")


def _set_permissions(request, name: str) -> str:
    chosen = {field: request.POST.get(field) for field in room_permissions.FIELDS}
    room_permissions.set_permissions(request.user, name, **chosen)
    return _("Saved.")


def _invite(request, name: str) -> str:
    username = request.POST.get("username", "").strip().lstrip("@＠")
    invited = personal_invitations.invite(request.user, name, username)
    said = _("%(name)s is now in the room.") if invited.is_member else _("%(name)s is invited.")
    return said % {"name": invited.user.username}


def _withdraw(request, name: str) -> str:
    guest = personal_invitations.withdraw(request.user, name, request.POST.get("username", ""))
    return _("%(name)s is no longer invited.") % {"name": guest.username}


def _mute(request, name: str) -> str:
    muted = request.POST.get("muted") == "on"
    until = end_of(request.POST.get("for", ""), get_time_zone(request)) if muted else None
    levels.mute(request.user, name, muted, until)
    return _("The room is muted.") if muted else _("The room is no longer muted.")


def _set_level(request, name: str) -> str:
    levels.set_level(request.user, name, request.POST.get("level", ""))
    return _("Saved.")


def _star(request, name: str) -> str:
    starred = request.POST.get("starred") == "on"
    arranging.star(request.user, name, starred)
    return _("The room is starred.") if starred else _("The room is no longer starred.")


def _move(request, name: str, steps: int) -> str:
    arranging.move(request.user, name, steps)
    return _("Saved.")


def _archive(request, name: str) -> str:
    archiving.archive(request.user, name)
    return _("The room is archived.")


def _unarchive(request, name: str) -> str:
    archiving.unarchive(request.user, name)
    return _("The room is no longer archived.")


def _delete(request, name: str) -> HttpResponse:
    """People type the room's name to delete it, so that nobody deletes it by mistake."""
    room = membership.get_visible_room(request.user.id, name)
    if not same_name(request.POST.get("typed", ""), room.title):
        raise ChatError("room_title_differs")
    deletion.delete(request.user, name)
    return redirect("deleted_rooms")


def _join(request, name: str) -> HttpResponse:
    membership.get_or_join(request.user, name)
    return redirect("room", name=name)


def _leave(request, name: str) -> HttpResponse:
    membership.leave(request.user, name)
    return redirect("rooms")


def _create_link(request, name: str) -> HttpResponse:
    """The link is in the answer to the POST that made it, and nowhere else."""
    uses = request.POST.get("uses")
    _made, secret = invitation_links.create_link(
        request.user, name, _number(request, "days"), _number(request, "uses") if uses else None
    )
    link = absolute_url(reverse("invited", args=[secret]))
    response = render_people(request, *membership.get_visible_room_and_membership(request.user.id, name), made=link)
    add_never_cache_headers(response)
    return response


def _revoke_link(request, name: str) -> str:
    invitation_links.revoke(request.user, name, _number(request, "link"))
    return _("The link no longer works.")


def _number(request, field: str) -> int:
    """A number from the form. For anything else 0, which is never valid here."""
    return whole_number(request.POST.get(field)) or 0


_ACTIONS: dict[str | None, Callable[..., Any]] = {
    "describe": _set_topic_and_description,
    "rename": _rename,
    "kind": _change_kind,
    "files_days": _set_files_days,
    "permissions": _set_permissions,
    "invite": _invite,
    "withdraw": _withdraw,
    "remove": ban_forms.remove,
    "ban": ban_forms.ban,
    "change_ban": ban_forms.change_ban,
    "lift_ban": ban_forms.lift_ban,
    "mute": _mute,
    "level": _set_level,
    "star": _star,
    "move_up": partial(_move, steps=-1),
    "move_down": partial(_move, steps=1),
    "delete": _delete,
    "join": _join,
    "leave": _leave,
    "close": _archive,
    "reopen": _unarchive,
    "make_link": _create_link,
    "revoke_link": _revoke_link,
    **LIMIT_ACTIONS,
}
