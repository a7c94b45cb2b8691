"""One open socket, as the rest of the process sees it: its user, its room, and a way to send to it.

A socket is either in one room, or a page's, which subscribes to rooms (page_connection.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from accounts.models import User

from ..kernel.close_reasons import close_frame
from ..kernel.errors import ChatError
from ..kernel.protocol import PLAIN_EVENTS, encode, error_event, event
from ..models import Room
from ..services.token_rooms import allows
from .outbound import Frame, OutboundWriter


@dataclass(slots=True)
class QueuedEvent:
    """One event on its way to sockets. It was encoded where it was published."""

    text: str
    plain: bool  # whether plain mode shows it
    seq: int | None = None  # None for ephemeral events
    bot: bool = False  # a bot's message, whose state the channel follows
    delta: bool = False  # a piece of a bot's reply

    @classmethod
    def of(cls, type: str, fields: dict) -> "QueuedEvent":
        """An ephemeral event."""
        return cls(encode(event(type, **fields)), type in PLAIN_EVENTS)


Access = tuple[str, str]  # ("session", key) or ("token", digest): when that ends, the connection is closed


class Place(Protocol):
    """A socket in a room, as the room's channel sees it."""

    room: Room
    plain: bool
    in_envelope: bool  # its frames say which room they are of
    seq: int  # sent up to here; only used until the channel has delivered as much
    held: list[QueuedEvent] | None  # events that arrive during the catch-up; None: nothing is held back

    @property
    def user(self) -> User: ...
    @property
    def outbound(self) -> OutboundWriter: ...
    @property
    def revalidation_key(self) -> tuple[Access, int, int | None]:
        """What decides whether it may stay: places with the same key are checked once."""

    @property
    def closed(self) -> bool: ...
    def frame_of(self, texts: list[str]) -> Frame:
        """One frame with these encoded events, in the form that this place's socket reads."""

    def send(self, type: str, /, **fields: object) -> None: ...
    def write(self, frame: Frame) -> None: ...
    def close(self, reason: str) -> None:
        """End this place for a reason from close_reasons.py."""

    def close_slow(self) -> None:
        """End the socket, whose reader does not keep up."""


class ClientSocket:
    """What all sockets have."""

    places: Sequence[Place]  # the rooms that it is in

    def __init__(self, user: User, outbound: OutboundWriter, *, id: str, plain: bool, access: Access):
        self.user = user
        self.outbound = outbound
        self.id = id
        self.plain = plain
        self.access = access
        self.accepted = False  # until then no frame can be sent, and closing is postponed
        self.closed = False
        self._end: tuple[int, str] | None = None

    @property
    def revalidation_key(self) -> tuple[Access, int, int | None]:
        """(access, user id, room id), for `revalidate`."""
        return self.access, self.user.id, None

    def wants_unread(self, room_id: int) -> bool:
        """Whether it is to be told that something is new in a room."""
        return allows(self.user, room_id) and all(place.room.id != room_id for place in self.places)

    def send(self, type: str, /, **fields: object) -> None:
        """Send an event to this connection alone."""
        if not self.plain or type in PLAIN_EVENTS:
            self.write(Frame(encode(event(type, **fields))))

    def send_error(self, error: ChatError, id: str | None = None) -> None:
        """Send an `error`; id: of the command that failed, if it had one."""
        self.write(Frame(encode(error_event(error, id))))

    def write(self, frame: Frame) -> None:
        """Hand over a frame.

        A socket whose buffer is full is closed in its place; one that is not open gets nothing.
        """
        if self.accepted and not self.closed and not self.outbound.write(frame):
            self.close_slow()

    def close_slow(self) -> None:
        self.close("reads_too_slowly")

    def close(self, reason: str) -> None:
        """reason: a key of CLOSE_REASONS."""
        if not self.closed:
            self.closed = True
            self._end = close_frame(reason)
            if self.accepted:
                self.outbound.close(*self._end)

    def accept(self) -> bool:
        """The handshake is done. Returns False if the connection was closed meanwhile; its close frame is sent now."""
        self.accepted = True
        if self._end:
            self.outbound.close(*self._end)
        return not self.closed


class Connection(ClientSocket):
    """A socket in one room."""

    in_envelope = False
    frame_of = staticmethod(Frame.of)

    def __init__(self, user: User, room: Room, outbound: OutboundWriter, *, id: str, plain: bool, access: Access):
        super().__init__(user, outbound, id=id, plain=plain, access=access)
        self.room = room
        self.seq = 0
        self.held: list[QueuedEvent] | None = []

    @property
    def places(self) -> tuple["Connection"]:  # type: ignore[override]  # read-only
        return (self,)

    @property
    def revalidation_key(self) -> tuple[Access, int, int | None]:
        return self.access, self.user.id, self.room.id

    def wants_unread(self, room_id: int) -> bool:
        """Whether to tell it of unread messages in another room than its own; not before the catch-up is over."""
        return self.held is None and self.room.id != room_id and allows(self.user, room_id)
