"""Search over HTTP, as docs/protocol.md has it."""

from datetime import UTC, datetime

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..models import Block
from ..queries.serializers import message_event
from ..search.message_search import PAGE, Hit, search
from .framework import Call


def find(call: Call) -> dict:
    rate_limits.check_search(call.user.id)
    found = search(
        call.user.id,
        call.query.get("q", ""),
        room=call.query.get("room"),
        sender=call.query.get("from"),
        since=_time(call, "since"),
        until=_time(call, "until"),
        before=call.number("before"),
        limit=call.number("limit") or PAGE,
    )
    blocked = Block.objects.ids(call.user.id)
    return {"hits": [_hit(hit, blocked) for hit in found.hits], "more": found.more}


def _hit(hit: Hit, blocked: frozenset[int]) -> dict:
    room = hit.message.room
    return {
        "room": {"name": room.name, "title": room.title, "kind": room.kind},
        "message": message_event(hit.message),
        "excerpt": hit.excerpt,
        "blocked": hit.message.sender_id in blocked,
    }


def _time(call: Call, name: str) -> datetime | None:
    text = call.query.get(name)
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ChatError("parameter_not_time", parameter=name) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
