"""The inbox page: the reader's notifications. It works without JavaScript; with it, static/js/inbox/ acts at once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.protocol import moment, timestamp, whole_number
from ..models import OF_REPORTS, NotificationKind
from ..queries import inbox
from ..queries.levels import settings_of
from ..services import inbox_changes, personal_invitations
from .responses import get_time_zone
from .sidebar import get_entries

MAX_NAMES = 3  # of those who reacted, in one row
FILTERS = (
    ("", gettext_lazy("All")),
    ("mentions", gettext_lazy("Mentions")),
    ("replies", gettext_lazy("Replies")),
    ("direct", gettext_lazy("Direct messages")),
    ("words", gettext_lazy("My words")),
    ("rooms", gettext_lazy("Rooms")),
    ("reactions", gettext_lazy("Reactions")),
    ("more", gettext_lazy("Other")),
)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def inbox_page(request):
    """?kind= is one of inbox.FILTERS, ?done= shows what is done, ?undo= offers to put back what was done at a time."""
    kind = request.GET.get("kind", "")
    kind, done = kind if kind in inbox.FILTERS else "", bool(request.GET.get("done"))
    if request.method == "POST":
        return redirect(_address(kind, done, undo=_handle_form(request, kind)))
    page = inbox.page(request.user.id, kind, done, whole_number(request.GET.get("before")))
    # Invitations without an answer are listed separately, with buttons to answer them.
    waiting = [] if kind or done else personal_invitations.pending_for(request.user.id)
    shown = {(NotificationKind.INVITATION, each.room_id) for each in waiting}
    others = [each for each in page.entries if (each.row.kind, each.row.room_id) not in shown]
    context = {
        "rows": _present(request, others),
        "filters": [(text, _address(each), each == kind and not done) for each, text in FILTERS],
        "done_address": _address(kind, done=True),
        "is_done": done,
        "kind": kind,
        "newest": timestamp(inbox.open_of(request.user.id).aggregate(newest=Max("created"))["newest"]) or "",
        "reactions_off": kind == "reactions" and not settings_of(request.user.id).reactions,
        "undo": request.GET.get("undo", "")[:40],
        "older": _address(kind, done, before=page.entries[-1].row.id) if page.more else "",
        "invitations": waiting,
    }
    return render(request, "rooms/inbox.html", context)


def _handle_form(request, kind: str) -> str:
    """Returns the time with which the form's change can be undone; empty: nothing to undo."""
    user: User = request.user
    try:
        rate_limits.check_post(user.id)
        if (number := whole_number(request.POST.get("done"))) is not None:
            return timestamp(inbox_changes.mark_done(user, number))
        if request.POST.get("do") == "all":
            return timestamp(inbox_changes.mark_all_done(user, kind))
        if (done := moment(request.POST.get("restore", ""))) is not None:
            inbox_changes.restore(user, done)
    except ChatError as error:
        messages.error(request, error.message)
    return ""


def _address(kind: str, done: bool = False, **more: str | int) -> str:
    query: dict[str, str | int] = {"kind": kind, "done": "1" if done else "", **more}
    text = urlencode({name: value for name, value in query.items() if value})
    return reverse("inbox") + (f"?{text}" if text else "")


def _present(request, entries: list[inbox.Entry]) -> list[dict]:
    rooms = get_entries(list({each.row.room_id: each.row.room for each in entries}.values()), request.user)
    zone = get_time_zone(request)
    today = timezone.now().astimezone(zone).date()
    return [
        {
            "entry": each,
            "row": each.row,
            "room": rooms[each.row.room_id],
            "address": _place_of(each, rooms[each.row.room_id].address),
            "title": each.row.title or rooms[each.row.room_id].title,
            "names": _names(each.names),
            "created": (created := each.row.created.astimezone(zone)),
            "is_today": created.date() == today,
        }
        for each in entries
    ]


def _place_of(entry: inbox.Entry, room: str) -> str:
    """Where the entry leads: to its message; for several, to the room, which opens at the first unread message. Not to
    the room after an action of a moderator: the reader may have lost access to it."""
    message = entry.row.message_id
    if entry.row.kind == NotificationKind.INVITATION:
        return reverse("invitations")
    if entry.row.what in OF_REPORTS:
        return reverse("reports")
    if entry.row.kind == NotificationKind.MODERATION:
        return reverse("rooms")
    return room if entry.count > 1 else f"{room}?around={message}#m{message}"


def _names(names: list[str]) -> str:
    shown = ", ".join(names[:MAX_NAMES])
    more = len(names) - MAX_NAMES
    return _("%(names)s and %(count)s more") % {"names": shown, "count": more} if more > 0 else shown
