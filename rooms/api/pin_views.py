"""The pinned messages of a room over HTTP; see docs/protocol.md. Pinning is a command."""

from ..kernel.protocol import person, timestamp
from ..models import Message
from ..queries import pins
from ..queries.serializers import message_event
from ..services import membership
from .framework import ApiRequest


def list_pins(request: ApiRequest, name: str) -> dict:
    """`{"pins": [{"message": <message>, "by": <person> | null, "pinned": <time>}, …]}`, the latest pin first."""
    room = membership.get_visible_room(request.user.id, name)
    return {"pins": [_serialize_pin(message) for message in pins.pinned_in(room)]}


def _serialize_pin(message: Message) -> dict:
    by = message.pinned_by
    return {"message": message_event(message), "by": person(by) if by else None, "pinned": timestamp(message.pinned)}
