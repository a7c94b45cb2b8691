"""Who may read a room has changed: sockets of those who may not any more are closed, and hear nothing until then."""

from collections.abc import Awaitable

from ..kernel.close_reasons import CLOSE_REASONS
from ..kernel.db_executor import DATABASE_AWAY, run_db
from ..services.membership import without_access
from .connection import Place, QueuedEvent
from .fanout import Fanout

_Held = list[tuple[Place, list[QueuedEvent] | None, int]]  # a place, what is held back for it, and what it has already


def close_former_readers(channel: Fanout, room_id: int, reason: str) -> Awaitable[None]:
    """Hold back what comes from now on; awaited, it looks who may still read the room, and goes on for these.

    reason: why the others are closed. One that this version does not know counts as `not_in_room`.
    """
    channel.flush()  # what came before was for everybody
    held: _Held = []
    for place in list(channel.connections):
        if place.held is None:  # any other is in a catch-up
            seq = max(place.seq, channel.delivered)
            channel.join(place)
            held.append((place, place.held, seq))
    return _close(channel, room_id, reason if reason in CLOSE_REASONS else "not_in_room", held)


async def _close(channel: Fanout, room_id: int, reason: str, held: _Held) -> None:
    places = list(channel.connections)
    try:
        lost = await run_db(without_access, {(place.user.id, room_id) for place in places})
    except DATABASE_AWAY:
        for place in places:  # they come back and are asked again
            place.close("database_away")
        return
    for place in places:
        if (place.user.id, room_id) in lost:
            place.close(reason)
    for place, events, seq in held:
        if place.held is events and not place.closed:  # else it has asked for a catch-up meanwhile
            channel.release(place, seq)
