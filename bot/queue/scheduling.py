"""Whose turn it is: fair between rooms and between people."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from rooms.models import Room
from rooms.publishing import events

from ..models import RunState
from . import sql

WINDOW = 2000  # open runs looked at; BOT_MAX_QUEUED keeps the queues of rooms far below


@dataclass(frozen=True, slots=True)
class Asked:
    """An open run, as far as its turn depends on it."""

    id: int
    state: str
    room: int
    bot: int
    asker: int
    question: int
    message: int
    queued: datetime | str  # text from SQLite, and only compared
    attempts: int = 0
    expired: bool = False  # its worker is gone

    @property
    def line(self) -> tuple[int, int]:
        return self.room, self.bot


def open_runs(room_id: int | None = None) -> list[Asked]:
    """Of a room, or of all."""
    return [Asked(*row) for row in sql.open_runs(WINDOW, room_id)]


def lines(runs: list[Asked]) -> dict[tuple[int, int], list[Asked]]:
    """(room, bot) → the waiting runs in the order of their turns: people take turns, each with their oldest first."""
    had = Counter((run.line, run.asker) for run in runs if run.state == RunState.RUNNING)
    found = defaultdict(list)
    for run in sorted(runs, key=lambda run: (run.queued, run.id)):
        if run.state == RunState.WAITING:
            turn = had[run.line, run.asker]
            had[run.line, run.asker] += 1
            found[run.line].append((turn, run.queued, run.id, run))
    return {line: [entry[-1] for entry in sorted(entries, key=lambda e: e[:3])] for line, entries in found.items()}


def next_up(runs: list[Asked], most: int = WINDOW) -> list[Asked]:
    """The waiting runs that may begin now: one a room and bot, and of several bots that were asked the same one after
    the other. Rooms and people with few running replies come before those with many."""
    running = [run for run in runs if run.state == RunState.RUNNING]
    speaking, asked = {run.line for run in running}, {run.question for run in running}
    heads = [line[0] for key, line in lines(runs).items() if key not in speaking]
    # Of those that are next in their lines only: else two bots may wait for each other's other question, for ever.
    first = {run.question: run for run in sorted(heads, key=lambda run: (run.queued, run.id), reverse=True)}
    free = [run for question, run in first.items() if question not in asked]
    return _fairly(free, running, most)


def _fairly(free: list[Asked], running: list[Asked], most: int) -> list[Asked]:
    """So many of them, one by one: who was just chosen counts as running."""
    rooms, people = Counter(run.room for run in running), Counter(run.asker for run in running)
    chosen: list[Asked] = []
    while free and len(chosen) < most:
        run = min(free, key=lambda run: (people[run.asker], rooms[run.room], run.queued, run.id))
        free.remove(run)
        chosen.append(run)
        rooms[run.room] += 1
        people[run.asker] += 1
    return chosen


def tell_after_commit(room: Room) -> None:
    transaction.on_commit(partial(tell, room), robust=True)


def tell(room: Room) -> None:
    """Tell a room who is next, where that is not obvious: one that nobody is ahead of begins at once."""
    for message_id, place in places(room.id):
        events.to_room(room.name, "queue", id=message_id, position=place)


def places(room_id: int) -> list[tuple[int, int]]:
    """What there is to tell of them: `positions`, unless the only one in the room begins at once."""
    runs = open_runs(room_id)
    found = positions(runs)
    return found if len(found) > 1 or len(found) < len(runs) else []


def positions(runs: list[Asked]) -> list[tuple[int, int]]:
    """(message, position) of the waiting ones; 1 is next."""
    return [(run.message, place) for line in lines(runs).values() for place, run in enumerate(line, start=1)]
