"""The list of all rooms on the page of rooms: searched by name, or in an order that the reader chooses."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from ..kernel import rate_limits
from ..kernel.protocol import whole_number
from ..models import Room
from ..queries.room_lists import SORTS, in_order, list_rooms
from ..search.directory import MAX_QUERY_LENGTH, find_rooms
from ..services.personal_invitations import pending_for
from .responses import get_time_zone
from .sidebar import get_entries

PAGE = 50
MAX_PAGES = 100  # after these, searching is quicker than turning pages
_SORTS = (("", _("latest")), ("name", _("name")), ("people", _("most people")))


def present_rooms(request: HttpRequest, user: User) -> dict:
    """?q= the beginning of a word of their titles; ?sort= one of SORTS; ?page=. Raises ChatError(rate_limited)."""
    query, sort = request.GET.get("q", "").strip()[:MAX_QUERY_LENGTH], request.GET.get("sort", "")
    sort = sort if sort in SORTS else ""
    number = min(max(1, whole_number(request.GET.get("page")) or 1), MAX_PAGES)
    if query:
        rate_limits.check_lookup(user.id)
        found, _more = find_rooms(user, query, PAGE)
        rooms, more = in_order(user.id, [each.room.pk for each in found]), False
    else:
        page = list_rooms(user.id, sort, (number - 1) * PAGE, PAGE)
        rooms, more = page.rooms, page.more and number < MAX_PAGES
    invitations = {each.room_id: each.pk for each in pending_for(user.id)}
    if not query:  # the page lists these above, with the same buttons
        rooms = [room for room in rooms if room.pk not in invitations]
    return {
        "query": query,
        "entries": _present(request, user, rooms, invitations),
        "only_mine": all(getattr(room, "joined", False) for room in rooms),
        "sorts": [(text, _address(sort=name), name == sort) for name, text in _SORTS],
        "more": _address(sort=sort, page=number + 1) if more else "",
    }


def _present(request: HttpRequest, user: User, rooms: list[Room], invitations: dict[int, int]) -> list[dict]:
    """invitations: room id → the id of an invitation that the reader can answer."""
    entries, zone = get_entries(rooms, user, counted=True), get_time_zone(request)
    today = timezone.now().astimezone(zone).date()
    return [
        {
            "entry": entries[room.id],
            "joined": getattr(room, "joined", False),
            "invitation": invitations.get(room.pk),
            "people": getattr(room, "people", 0),
            "active": active if room.seq else None,
            "is_today": active.date() == today,
        }
        for room in rooms
        for active in [room.active.astimezone(zone)]
    ]


def _address(**query: str | int) -> str:
    given = {name: value for name, value in query.items() if value}
    return f"{reverse('rooms')}?{urlencode(given)}#all-rooms" if given else f"{reverse('rooms')}#all-rooms"
