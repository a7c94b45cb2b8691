"""What rooms ask about bots: who of them listens and is here while a worker answers, and whose reply is next."""

import time
from typing import Protocol

from presence import sync_client

from ..kernel import signals
from ..kernel.batcher import DataLoader
from ..kernel.db_executor import run_db
from ..models import Room

REMEMBER = 30.0  # seconds that a process may take to notice that a bot was let into a room, or taken out


class _Tracker(Protocol):
    async def bots(self, known: set[int], alive: set[int], /) -> set[int]:
        """Those of the known bots that are alive; when that cannot be found out, those that were."""


class _Hub(Protocol):
    @property
    def tracker(self) -> _Tracker: ...


class BotStatus:
    def __init__(self, hub: _Hub) -> None:
        self._hub = hub
        self._alive: set[int] = set()
        self._known: set[int] = set()
        self._of_room: dict[int, tuple[float, list[int]]] = {}  # room → until when this holds, ids of its bots
        self._places = DataLoader(_places)

    async def of(self, room_id: int) -> list[int]:
        """Ids of the bots that listen in a room now."""
        until, ids = self._of_room.get(room_id, (0.0, []))
        if until < time.monotonic():
            ids = await run_db(_listening, room_id)
            self._of_room[room_id] = time.monotonic() + REMEMBER, ids
        if not self._known.issuperset(ids):
            self._known.update(ids)
            self._alive = await self._ask()
        return [id for id in ids if id in self._alive]

    async def places(self, room_id: int) -> list[tuple[int, int]]:
        """(message id, place) of the replies that wait in a room now; 1 is next."""
        return await self._places.load(room_id)

    async def look(self) -> bool:
        """Ask again which are alive; True when that has changed."""
        now = time.monotonic()
        self._of_room = {id: found for id, found in self._of_room.items() if found[0] > now}
        before, self._alive = self._alive, await self._ask()
        return before != self._alive

    async def _ask(self) -> set[int]:
        return await self._hub.tracker.bots(self._known, self._alive)


def alive_in(room_id: int) -> list[int]:
    """Ids of the bots that listen in a room now, for views."""
    ids = _listening(room_id)
    alive = sync_client.get_live_bots(ids)
    return [id for id in ids if id in alive]


def _places(room_ids: list[int]) -> list[list[tuple[int, int]]]:
    found = {id: signals.answers(signals.places_wanted, Room, room_id=id) for id in set(room_ids)}
    return [[place for places in found[id] for place in places] for id in room_ids]


def _listening(room_id: int) -> list[int]:
    answers = signals.answers(signals.bots_wanted, Room, room_id=room_id)
    return sorted({id for ids in answers for id in ids})
