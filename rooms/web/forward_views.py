"""The page that forwards a message to another room: also in the panel, from the menu of a message."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.wire import MAX_NUMBER, MAX_TEXT
from ..queries.serializers import excerpt_of
from ..services import forwarding
from .responses import render_not_found
from .sidebar import SidebarEntry, get_entries, get_open_entries

EXCERPT = 300  # characters of the message


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def forward_page(request, name: str, message_id: int):
    try:
        if message_id > MAX_NUMBER:
            raise ChatError("no_such_message")
        message = forwarding.get_forwardable(request.user, name, message_id)
    except ChatError as error:
        return render_not_found(request, error.message)
    entries, words, status = get_open_entries(request.user), request.POST.get("message", ""), 200
    if request.method == "POST":
        refused = _forward(request, name, message_id, entries, words)
        if refused is None:
            return redirect("forward", name=name, message_id=message_id)
        status = refused.status
    context = {
        "message": message,
        "place": get_entries([message.room], request.user)[message.room_id],
        "excerpt": excerpt_of(message, EXCERPT),
        "rooms": [entry for entry in entries.values() if not entry.other],
        "direct": [entry for entry in entries.values() if entry.other],
        "chosen": request.POST.get("to", ""),
        "words": words[:MAX_TEXT],
    }
    return render(request, "rooms/forward.html", context, status=status)


def _forward(request, name: str, message_id: int, entries: dict[str, SidebarEntry], words: str) -> ChatError | None:
    """Returns the error; None: the message was forwarded."""
    to = request.POST.get("to", "")
    try:
        with rate_limits.counted_post(request.user.id):
            forwarding.forward(request.user, name, message_id, to, words)
    except ChatError as error:
        messages.error(request, error.message)
        return error
    messages.success(request, _("Forwarded to %(name)s.") % {"name": entries[to].title if to in entries else to})
    return None
