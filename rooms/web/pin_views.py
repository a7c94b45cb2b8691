"""The page of a room's pinned messages: also a tab of the panel. Pinning by a link is for browsers without scripts."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.protocol import whole_number
from ..kernel.rights import Action
from ..models import Block, Room
from ..queries import pins
from ..queries.serializers import excerpt_of
from ..services import membership, pinning
from ..services.rights import may
from .responses import get_time_zone, render_not_found
from .sidebar import get_entries

EXCERPT = 300  # characters of a message
_LINK = re.compile(r"(?:.{0,500}#)?m?(\d{1,18})")  # a link to a message, or its number


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pins_page(request, name: str):
    try:
        room = membership.get_visible_room(request.user.id, name)
    except ChatError as error:
        return render_not_found(request, error.message)
    if request.method == "POST":
        _handle_form(request, name)
        return redirect("pins", name=name)
    context = {
        "room": room,
        "place": (place := get_entries([room], request.user)[room.id]),
        "pins": _present(request, room, place.address),
        "may_pin": not room.archived and may(Action.PIN, request.user, room),
        "limit": pinning.MAX_PINS,
    }
    return render(request, "rooms/pins.html", context)


def _handle_form(request, name: str) -> None:
    """One of the forms; `do` says which."""
    act, said = _ACTIONS.get(request.POST.get("do"), (None, ""))
    if act is None:
        return
    try:
        rate_limits.check_post(request.user.id)
        act(request.user, name, _message_id(request.POST.get("message", "")))
        messages.success(request, said)
    except ChatError as error:
        messages.error(request, error.message)


def _message_id(text: str) -> int:
    """The id in the text of a form: a number, or a link that somebody copied."""
    found = _LINK.fullmatch(text.strip())
    number = whole_number(found[1]) if found else None
    if number is None:
        raise ChatError("no_link_to_message")
    return number


def _present(request, room: Room, address: str) -> list[dict]:
    blocked, zone = Block.objects.ids(request.user.id), get_time_zone(request)
    return [
        {
            "message": message,
            "address": f"{address}?around={message.id}#m{message.id}",
            "excerpt": excerpt_of(message, EXCERPT),
            "folded": message.sender_id in blocked,
            "created": message.created.astimezone(zone),
        }
        for message in pins.pinned_in(room)
    ]


_ACTIONS = {
    "pin": (pinning.pin, _("Message pinned.")),
    "unpin": (pinning.unpin, _("Message unpinned.")),
}
