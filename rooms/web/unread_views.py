"""The pages of unread messages by room, and of drafts. Without JavaScript, only the first has content."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.protocol import whole_number
from ..models import Message, Room
from ..queries import own_rooms, unread_counts
from ..queries.serializers import excerpt_of
from ..services import reading
from ..services.messages import mark_read
from .responses import get_time_zone
from .sidebar import SidebarEntry, get_entries

MAX_ROOMS = 50
SHOWN = 3  # messages of each room


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unread_page(request):
    """Rooms with unread messages, the most recently active first, with the first of these messages."""
    if request.method == "POST":
        _handle_form(request)
        return redirect("unread")
    rooms = own_rooms.unread_rooms_of(request.user.id, MAX_ROOMS)
    entries = get_entries(rooms, request.user)
    context = {"rooms": [_present(request, room, entries[room.id]) for room in rooms]}
    return render(request, "rooms/unread.html", context)


@login_required
@require_safe
def drafts_page(request):
    """Drafts are in the browser: static/js/inbox/drafts_list.js fills this page."""
    return render(request, "rooms/drafts.html")


def _handle_form(request) -> None:
    try:
        rate_limits.check_post(request.user.id)
        if request.POST.get("do") == "all":
            reading.mark_all_read(request.user)
            messages.success(request, _("Everything is marked as read."))
        elif (seq := whole_number(request.POST.get("seq"))) is not None:
            mark_read(request.user, request.POST.get("room", ""), seq)
    except ChatError as error:
        messages.error(request, error.message)


def _present(request, room: Room, entry: SidebarEntry) -> dict:
    zone = get_time_zone(request)
    today = timezone.now().astimezone(zone).date()
    first = unread_counts.first_unread(room, request.user.id, getattr(room, "read_seq", 0), SHOWN)
    shown = [_present_message(message, zone, today) for message in first]
    return {
        "entry": entry,
        "seq": room.seq,
        "shown": shown,
        "more": max(0, entry.unread - len(shown)),
        "address": f"{entry.address}?around={first[0].pk}#m{first[0].pk}" if first else entry.address,
    }


def _present_message(message: Message, zone, today) -> dict:
    created = message.created.astimezone(zone)
    return {
        "sender": message.sender,
        "excerpt": excerpt_of(message),
        "created": created,
        "is_today": created.date() == today,
    }
