"""One open socket, as the rest of the process sees it: its user, its room, and a way to send to it."""

from dataclasses import dataclass

from accounts.models import User

from ..kernel.close_reasons import close_frame
from ..kernel.errors import ChatError
from ..kernel.protocol import PLAIN_EVENTS, encode, error_event, event
from ..models import Room
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


class Connection:
    def __init__(
        self, user: User, room: Room, outbound: OutboundWriter, *, id: str, plain: bool, access: tuple[str, str]
    ):
        self.user = user
        self.room = room
        self.outbound = outbound
        self.id = id
        self.plain = plain
        self.access = access  # ("session", key) or ("token", digest): when that ends, the connection is closed
        self.seq = 0  # sent up to here; only used until the channel has delivered as much
        self.held: list[QueuedEvent] | None = []  # events that arrive during the catch-up; None: nothing is held back
        self.accepted = False  # until then no frame can be sent, and closing is postponed
        self.closed = False
        self._end: tuple[int, str] | None = None

    @property
    def revalidation_key(self) -> tuple[tuple[str, str], int, int]:
        """(access, user id, room id), for `revalidate`."""
        return self.access, self.user.id, self.room.id

    def send(self, type: str, **fields: object) -> None:
        """Send an event to this connection alone."""
        if not self.plain or type in PLAIN_EVENTS:
            self.write(Frame(encode(event(type, **fields))))

    def send_error(self, error: ChatError, id: str | None = None) -> None:
        self.write(Frame(encode(error_event(error, id))))

    def write(self, frame: Frame) -> None:
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
