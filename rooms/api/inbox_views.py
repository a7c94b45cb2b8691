"""The inbox over HTTP; see docs/protocol.md."""

from accounts.statuses import Availability

from ..kernel.errors import ChatError
from ..kernel.protocol import moment, person, timestamp
from ..models import RoomKind
from ..queries import inbox
from ..services import inbox_changes
from .framework import ApiRequest


def list_inbox(request: ApiRequest) -> dict:
    """`{"items": [<notification>, …], "more": bool, "unread": <count>}`, the newest first."""
    kind, done = _kind(request.query.get("kind", "")), request.query.get("done") == "true"
    page = inbox.page(request.user.id, kind, done, request.int_parameter("before"))
    return {"items": [_serialize_entry(each) for each in page.entries], "more": page.more} | _unread(request)


def list_calling(request: ApiRequest) -> dict:
    """The notifications that a page rings for. It asks for them a moment after the event."""
    status = request.user.current_status
    quiet = bool(status and status.availability == Availability.DO_NOT_DISTURB)
    items = [_serialize_entry(each) for each in inbox.calling(request.user.id)]
    return {"items": items, "quiet": quiet} | _unread(request)


def mark_opened(request: ApiRequest, notification_id: int) -> dict:
    """`{"unread": <count>}`. Raises ChatError: no_such_notification."""
    request.text_fields()
    inbox_changes.mark_opened(request.user, notification_id)
    return _unread(request)


def mark_done(request: ApiRequest, notification_id: int) -> dict:
    """`{"done": <time>, "unread": <count>}`. Raises ChatError: no_such_notification."""
    request.text_fields()
    return {"done": timestamp(inbox_changes.mark_done(request.user, notification_id))} | _unread(request)


def mark_all_done(request: ApiRequest) -> dict:
    """Takes `{"kind"?}`. Returns `{"done": <time>, "unread": <count>}`. Raises ChatError: unknown_inbox_kind."""
    kind = _kind(request.text_fields("kind?").get("kind", ""))
    return {"done": timestamp(inbox_changes.mark_all_done(request.user, kind))} | _unread(request)


def restore(request: ApiRequest) -> dict:
    """Takes `{"done": <time>}`. Returns `{"unread": <count>}`. Raises ChatError: parameter_not_time."""
    if (done := moment(request.text_fields("done")["done"])) is None:
        raise ChatError("parameter_not_time", parameter="done")
    inbox_changes.restore(request.user, done)
    return _unread(request)


def _kind(kind: str) -> str:
    if kind not in inbox.FILTERS:
        raise ChatError("unknown_inbox_kind", kinds=", ".join(filter(None, inbox.FILTERS)))
    return kind


def _unread(request: ApiRequest) -> dict:
    return {"unread": inbox.unread_counts([request.user.id])[request.user.id]}


def _serialize_entry(entry: inbox.Entry) -> dict:
    row = entry.row
    title = row.actor.shown_name if row.room.kind == RoomKind.DIRECT else row.room.title
    what = {"what": row.what} if row.what else {}
    return what | {
        "id": row.id,
        "kind": row.kind,
        "room": {"name": row.room.name, "title": row.title or title, "kind": row.room.kind},
        "message_id": row.message_id,
        "by": person(row.actor),
        "excerpt": entry.excerpt,
        "count": entry.count,
        "reactions": [{"emoji": each.emoji, "by": person(each.user)} for each in entry.reactions],
        "created": timestamp(row.created),
        "unread": entry.unread,
        "done": timestamp(row.done),
    }
