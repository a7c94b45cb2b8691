"""The page about a room: its topic and description, who belongs to it, inviting, muting, leaving."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from . import actions, limits, membership
from .errors import ChatError
from .models import Membership, Role
from .presentation import missing

PEOPLE_SHOWN = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def about(request, name: str):
    try:
        room, mine = membership.enter(request.user, name)
        if room.is_direct:
            return missing(request)
    except ChatError:
        return missing(request)
    if request.method == "POST":
        return _changed(request, name)
    people = Membership.objects.filter(room=room, banned=False).select_related("user").order_by("joined")
    context = {
        "room": room,
        "mine": mine,
        "people": people[:PEOPLE_SHOWN],
        "count": people.count(),
        "owns": mine.role == Role.OWNER,
    }
    return render(request, "rooms/about.html", context)


def _changed(request, name: str):
    """One of the page's forms; `do` says which."""
    doing = _DOINGS.get(request.POST.get("do"))
    if doing is None:
        return redirect("about", name=name)
    try:
        limits.check_post(request.user.id)  # some of them are told in the room
        said = doing(request, name)
    except ChatError as error:
        messages.error(request, error.message)
        return redirect("about", name=name)
    if said is None:  # left
        return redirect("rooms")
    messages.success(request, said)
    return redirect("about", name=name)


def _describe(request, name: str) -> str:
    texts = {field: request.POST[field] for field in ("topic", "description") if field in request.POST}
    actions.describe(request.user, name, **texts)
    return _("Saved.")


def _invite(request, name: str) -> str:
    guest = membership.invite(request.user, name, request.POST.get("username", "").strip().lstrip("@"))
    return _("%(name)s can now come in.") % {"name": guest.username}


def _remove(request, name: str) -> str:
    member = _member(request)
    membership.remove(request.user, name, member.id, ban=request.POST.get("ban") == "yes")
    return _("%(name)s is no longer in the room.") % {"name": member.username}


def _appoint(request, name: str) -> str:
    member, role = _member(request), request.POST.get("role", "")
    membership.appoint(request.user, name, member.id, role)
    return _("%(name)s is now a %(role)s.") % {"name": member.username, "role": Role(role).label}


def _member(request):
    return membership.named(request.POST.get("username", ""), also_gone=True)


def _mute(request, name: str) -> str:
    muted = request.POST.get("muted") == "on"
    membership.mute(request.user, name, muted)
    return _("The room is muted.") if muted else _("The room is no longer muted.")


def _leave(request, name: str) -> None:
    membership.leave(request.user, name)


_DOINGS = {
    "describe": _describe,
    "invite": _invite,
    "remove": _remove,
    "appoint": _appoint,
    "mute": _mute,
    "leave": _leave,
}
