"""Locks the row of a room, for the writes that give its messages numbers.

Where another program holds a room, one thread of this process waits for it and the others are turned away: each of
them holds a database connection, and a few requests for one such room would leave none to the pages of all others.
(Commands of sockets do not come this far: they wait for their turn on the event loop, see db_executor.py.)
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from django.db import OperationalError, connection

from ..kernel.errors import not_found
from ..models import Room

STALLED = 0.3  # seconds that the thread before has waited for a room, until it counts as held by another program


def lock_room(room_id: int) -> Room:
    """The room, locked until the transaction ends. Raises ChatError: no_such_room; OperationalError after a wait."""
    room = lock_room_or_none(room_id)
    if room is None or room.deleted:
        raise not_found()
    return room


def lock_room_or_none(room_id: int) -> Room | None:
    """The same; None when there is no such room (any more). Also one that is deleted and can be restored."""
    with turn(room_id):
        return Room.objects.select_for_update().filter(pk=room_id).first()


@contextmanager
def turn(room_id: int) -> Iterator[None]:
    """Held by the one thread that asks the database for this room's lock. Raises OperationalError while that stalls."""
    if not connection.features.has_select_for_update:
        yield  # SQLite locks as the transaction begins, and everything
        return
    mine = _turn_of(room_id)
    # While a room stalls, whoever comes is turned away without a wait: many of them would take the few connections
    # of the pages one after the other, for STALLED each.
    while mine.waited >= 2 * STALLED or not mine.lock.acquire(timeout=STALLED):
        if mine.waited >= STALLED:
            raise OperationalError(f"room {room_id} is locked by another program")
    mine.since = time.monotonic()
    try:
        yield
    finally:
        mine.since = 0.0
        mine.lock.release()


class _Turn:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.since = 0.0  # when the thread that has it began to wait; 0: nobody has it

    @property
    def waited(self) -> float:
        """Seconds for which the thread that holds this turn has waited for the room; 0 when no thread holds it."""
        since = self.since  # read once: its thread sets it back
        return time.monotonic() - since if since else 0.0


_turns: WeakValueDictionary[int, _Turn] = WeakValueDictionary()
_turns_lock = threading.Lock()


def _turn_of(room_id: int) -> _Turn:
    with _turns_lock:
        return _turns.setdefault(room_id, _Turn())
