"""Search over HTTP; see docs/protocol.md."""

from datetime import UTC, datetime

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..models import Block
from ..queries.serializers import message_event
from ..search.message_search import PAGE_SIZE, Hit, search
from .framework import ApiRequest


def search_messages(request: ApiRequest) -> dict:
    """`{"hits": [{"room", "message", "excerpt", "blocked": bool, "file"?}, …], "more": bool}`, the newest first."""
    rate_limits.check_search(request.user.id)
    found = search(
        request.user.id,
        request.query.get("q", ""),
        room=request.query.get("room"),
        sender=request.query.get("from"),
        since=_time_parameter(request, "since"),
        until=_time_parameter(request, "until"),
        before=request.int_parameter("before"),
        limit=request.int_parameter("limit") or PAGE_SIZE,
        only_rooms=request.user.only_rooms,
    )
    blocked = Block.objects.ids(request.user.id)
    return {"hits": [_serialize_hit(hit, blocked) for hit in found.hits], "more": found.more}


def _serialize_hit(hit: Hit, blocked: frozenset[int]) -> dict:
    room, file = hit.message.room, hit.file
    about = {"file": {"id": file.key, "name": file.name, "page": file.page}} if file else {}
    return {
        "room": {"name": room.name, "title": room.title, "kind": room.kind},
        "message": message_event(hit.message),
        "excerpt": hit.excerpt,
        "blocked": hit.message.sender_id in blocked,
        **about,
    }


def _time_parameter(request: ApiRequest, name: str) -> datetime | None:
    text = request.query.get(name)
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ChatError("parameter_not_time", parameter=name) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
