"""A page's socket, and the rooms that it has subscribed to."""

import time
from collections.abc import Callable, Sequence

from accounts.models import User

from ..kernel.close_reasons import CLOSE_REASONS
from ..kernel.protocol import encode, event
from ..models import Room
from .connection import Access, ClientSocket, Place, QueuedEvent
from .outbound import Frame, OutboundWriter

MAX_ROOMS = 20  # of one socket, at the same time
# Reasons that end a subscription; every other ends the socket.
OF_THE_ROOM = {"not_in_room", "room_private", "no_such_room", "room_deleted"}


class PageConnection(ClientSocket):
    """A socket that is in no room, in one, or in several."""

    def __init__(self, user: User, outbound: OutboundWriter, *, id: str, access: Access):
        super().__init__(user, outbound, id=id, plain=False, access=access)
        self.subscriptions: dict[str, Subscription] = {}
        self.last_written = time.monotonic()  # what rooms share with others is not counted

    @property
    def places(self) -> Sequence[Place]:  # type: ignore[override]  # read-only
        return list(self.subscriptions.values())

    def is_silent(self, seconds: float) -> bool:
        """Whether nothing came for so long, and no room says anything either."""
        return not self.subscriptions and time.monotonic() - self.last_written > seconds

    def write(self, frame: Frame) -> None:
        self.last_written = time.monotonic()
        super().write(frame)


class Subscription:
    """A page's place in one room. It ends alone, or with the socket, whose buffer it shares."""

    plain = False
    in_envelope = True

    def __init__(self, page: PageConnection, room: Room, release: Callable[["Subscription"], None]):
        """release(subscription): take it out of its room. Called once, when it ends before the socket does."""
        self.room = room
        self.outbound = page.outbound
        self.seq = 0
        self.held: list[QueuedEvent] | None = []
        self._page, self._release = page, release
        self._ended = False

    @property
    def user(self) -> User:
        return self._page.user

    @property
    def closed(self) -> bool:
        return self._ended or self._page.closed

    @property
    def revalidation_key(self) -> tuple[Access, int, int | None]:
        return self._page.access, self.user.id, self.room.id

    def frame_of(self, texts: list[str]) -> Frame:
        return Frame.of_room(self.room.name, texts)

    def send(self, type: str, /, **fields: object) -> None:
        self.write(self.frame_of([encode(event(type, **fields))]))

    def write(self, frame: Frame) -> None:
        if not self._ended:
            self._page.write(frame)

    def close(self, reason: str) -> None:
        """reason: a key of CLOSE_REASONS."""
        if reason not in OF_THE_ROOM:
            self._page.close(reason)
        elif not self._ended:
            self.end()
            self._page.send("unsubscribed", room=self.room.name, code=CLOSE_REASONS[reason], reason=reason)

    def close_slow(self) -> None:
        self._page.close_slow()

    def end(self) -> None:
        """Leave the room, once; later calls do nothing. The page's socket stays open."""
        if not self._ended:
            self._ended = True
            self._release(self)
