"""The pages at the addresses of rooms and people that do not exist or that the reader may not see."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.time_formats import date_and_time

from ..kernel.errors import ChatError
from ..kernel.slugs import check_title, is_random_name
from ..models import Membership, Room
from ..queries.room_names import best_match, find_rooms_with_slug
from ..services import bans, lost_rooms
from .responses import render_not_found
from .suggestions import get_suggestions

_LOST = {
    "banned": _("A moderator has banned you from this room."),
    "removed": _("A moderator has removed you from this room. You need an invitation to come back."),
    "deleted": _("This room was deleted. Whoever owned it can restore it for a while."),
}


def render_no_room(request, name: str, error: ChatError):
    """For a room that the reader cannot see: why, a redirect to the room that is meant, or a form to create one."""
    lost = "banned" if lost_rooms.is_banned(request.user.id, name) else lost_rooms.why_lost(request.user.id, name)
    if lost == "banned":
        return render_not_found(request, _why_banned(bans.standing_ban(request.user.id, name)))
    if lost:
        return render_not_found(request, str(_LOST[lost]))
    if is_random_name(name):
        return render_not_found(request, error.message)
    try:
        title = check_title(name)
    except ChatError as problem:
        return render_not_found(request, problem.message)
    rooms = find_rooms_with_slug(title)
    if any(room.name == name for room in rooms):
        # A public room has this name, but the reader may not see it. Do not redirect to another room with this title:
        # two rooms that each have the other's title as a name would redirect to each other forever.
        return render_not_found(request, error.message)
    if meant := best_match(title, rooms):
        return redirect("room", name=meant.name)
    same_slug = Room.objects.visible_to(request.user.id).filter(pk__in=[room.pk for room in rooms]).order_by("pk")
    context = {"title": title} | get_suggestions(request.user, title, list(same_slug))
    return render(request, "rooms/no_room.html", context, status=404)


def _why_banned(place: Membership | None) -> str:
    """place: None when the ban has just ended."""
    said = [str(_LOST["banned"])]
    if place and place.banned_until:
        said.append(gettext("The ban ends on %(time)s.") % {"time": date_and_time(place.banned_until)})
    if place and hasattr(place, "ban") and place.ban.reason:
        said.append(gettext("The reason: “%(reason)s”") % {"reason": place.ban.reason})
    return " ".join(said)


def render_no_person(request, username: str, error: ChatError):
    context = {"sentence": error.message} | get_suggestions(request.user, username)
    return render(request, "rooms/no_person.html", context, status=404)
