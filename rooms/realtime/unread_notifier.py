"""`unread` events about the other rooms of connected users, at most one a second for each room.

Looked up, not sent: each process asks once a second where the rooms of its own people stand. It costs one short
query however much is written, needs no Redis, and counts are right in every tab because they are read, not added up.
"""

import time
from collections.abc import Collection, Iterable, Mapping

from ..kernel.db_executor import run_db
from ..queries import history, own_rooms, unread_counts
from .account_state import unread_fields
from .connection import ClientSocket

RECENT = 15.0  # seconds that may pass between rendering a page and the first check for its reader


class UnreadNotifier:
    def __init__(self) -> None:
        self._rooms_of: dict[int, set[int]] = {}
        self._before: dict[int, set[int]] = {}  # of people whose rooms have changed: those they had
        self._heads: dict[int, int] = {}
        self._changed: dict[int, float] = {}  # rooms in which something happened lately, and when that was seen
        self._forgotten: set[int] = set()  # since the last reading of rooms began

    def forget(self, user_id: int) -> None:
        """This user's rooms have changed. A new one is checked even if nothing happens in it from now on."""
        self._forgotten.add(user_id)
        if user_id in self._rooms_of:
            self._before[user_id] = self._rooms_of.pop(user_id)

    async def notify(self, people: Mapping[int, set[ClientSocket]]) -> None:
        """Tell people what changed in rooms that they belong to and that a tab of theirs does not show."""
        newcomers = people.keys() - self._rooms_of.keys()
        new = await self._learn(people)
        heads = await run_db(history.heads, set().union(*self._rooms_of.values()))
        changed = {id for id, seq in heads.items() if seq > self._heads.get(id, 0 if id in new else seq)}
        fresh = changed | (await self._lately(heads.keys() - self._heads.keys(), changed) if newcomers else set())
        of_whom = ((id, rooms & (fresh if id in newcomers else changed)) for id, rooms in self._rooms_of.items())
        concerned = {id: news for id, rooms in of_whom if (news := rooms - _shown(people.get(id, ())))}
        if concerned:
            for row in await run_db(unread_counts.unread_of, list(concerned), set().union(*concerned.values())):
                is_news = row["room_id"] in changed or row["unread"]
                if is_news and row["room_id"] in concerned[row["user_id"]]:
                    _send_unread(people.get(row["user_id"], ()), row)
        self._heads = heads  # not before: what could not be read is looked at again
        self._note(changed)

    async def _lately(self, unknown: Collection[int], changed: Collection[int]) -> set[int]:
        """Where something happened lately: it may have come between the making of a newcomer's page and now.

        unknown: rooms that this process has not looked at before.
        """
        found = set(self._changed) | set(changed)
        return found | await run_db(own_rooms.lately_active, unknown, RECENT) if unknown else found

    def _note(self, changed: Collection[int]) -> None:
        now = time.monotonic()
        self._changed |= dict.fromkeys(changed, now)
        self._changed = {id: at for id, at in self._changed.items() if now - at < RECENT}

    async def _learn(self, people: Mapping[int, object]) -> set[int]:
        """Know the rooms of everybody here; returns those that somebody belongs to only now."""
        for user_id in self._rooms_of.keys() - people.keys():
            del self._rooms_of[user_id]
        unknown = people.keys() - self._rooms_of.keys()
        if unknown:
            self._forgotten.clear()
            found = await run_db(own_rooms.room_ids_of, unknown)
            self._rooms_of |= {id: rooms for id, rooms in found.items() if id not in self._forgotten}
        before, self._before = self._before, {}
        return set().union(*(self._rooms_of.get(user_id, set()) - rooms for user_id, rooms in before.items()))


def _shown(connections: Collection[ClientSocket]) -> set[int]:
    """The rooms that all tabs of a user are in: nothing there is news to them."""
    rooms = [{place.room.id for place in connection.places} for connection in connections]
    return set.intersection(*rooms) if rooms else set()


def _send_unread(connections: Iterable[ClientSocket], row: dict) -> None:
    fields = unread_fields(row)
    for connection in list(connections):
        if connection.wants_unread(row["room_id"]):
            connection.send("unread", **fields)
