"""What the service worker is sent, declared: every push of docs/protocol.md with the types of its fields.

A device may run a service worker of an earlier version, and a push service keeps what was sent before an upgrade: so a
worker ignores fields and types that it does not know, and a new field may be absent.
"""

import msgspec
from msgspec import UNSET, Struct, UnsetType

from .encryption import MAX_PAYLOAD

VERSION = 1


class Push(Struct, tag_field="type", frozen=True, kw_only=True):
    v: int = VERSION

    def encode(self) -> bytes:
        """JSON. Raises ValueError when it is larger than a push may be."""
        data = msgspec.json.encode(self)
        if len(data) > MAX_PAYLOAD:
            raise ValueError(f"a push of {len(data)} bytes")
        return data


class Words(Struct, frozen=True):
    """What the service worker says itself."""

    reply: str  # a button
    read: str  # a button
    failed: str  # instead of the notification, when a reply could not be sent


class Show(Push, tag="show", frozen=True, kw_only=True):
    """Show a notification, in the place of one with the same tag."""

    id: int  # of the notification; 0: a test
    tag: str
    kind: str
    title: str
    body: str
    url: str  # a path of this site, where a click leads
    icon: str  # the path of a picture; empty: the service worker's own
    room: str | UnsetType = UNSET  # its name
    message: int | None | UnsetType = UNSET
    count: int | UnsetType = UNSET  # unread messages in the room
    badge: int | UnsetType = UNSET  # unread notifications in all
    at: str | UnsetType = UNSET  # when it happened: ISO 8601, UTC
    words: Words | UnsetType = UNSET


class Close(Push, tag="close", frozen=True, kw_only=True):
    """Remove the notifications with these tags: nothing that they say is unread any more."""

    tags: list[str]
    badge: int


AnyPush = Show | Close
