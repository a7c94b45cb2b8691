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

MAX_OPEN_RUNS = 2000  # open runs looked at; BOT_MAX_QUEUED keeps the queues of rooms far below


@dataclass(frozen=True, slots=True)
class OpenRun:
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
    def queue_key(self) -> tuple[int, int]:
        """Runs with the same key wait for each other."""
        return self.room, self.bot


def open_runs(room_id: int | None = None) -> list[OpenRun]:
    """Of a room, or of all."""
    return [OpenRun(*row) for row in sql.open_runs(MAX_OPEN_RUNS, room_id)]


def waiting_queues(runs: list[OpenRun]) -> dict[tuple[int, int], list[OpenRun]]:
    """(room, bot) → the waiting runs in the order of their turns: people take turns, each with their oldest first."""
    had = Counter((run.queue_key, run.asker) for run in runs if run.state == RunState.RUNNING)
    found = defaultdict(list)
    for run in sorted(runs, key=lambda run: (run.queued, run.id)):
        if run.state == RunState.WAITING:
            turn = had[run.queue_key, run.asker]
            had[run.queue_key, run.asker] += 1
            found[run.queue_key].append((turn, run.queued, run.id, run))
    return {line: [entry[-1] for entry in sorted(entries, key=lambda e: e[:3])] for line, entries in found.items()}


def next_up(runs: list[OpenRun], most: int = MAX_OPEN_RUNS) -> list[OpenRun]:
    """The waiting runs that may begin now: one a room and bot, and of several bots that were asked the same one after
    the other. Rooms and people with few running replies come before those with many."""
    running = [run for run in runs if run.state == RunState.RUNNING]
    speaking, asked = {run.queue_key for run in running}, {run.question for run in running}
    heads = [line[0] for key, line in waiting_queues(runs).items() if key not in speaking]
    # Of those that are next in their lines only: else two bots may wait for each other's other question, for ever.
    first = {run.question: run for run in sorted(heads, key=lambda run: (run.queued, run.id), reverse=True)}
    free = [run for question, run in first.items() if question not in asked]
    return _choose_fairly(free, running, most)


def _choose_fairly(free: list[OpenRun], running: list[OpenRun], most: int) -> list[OpenRun]:
    """So many of them, one by one: who was just chosen counts as running."""
    rooms, people = Counter(run.room for run in running), Counter(run.asker for run in running)
    chosen: list[OpenRun] = []
    while free and len(chosen) < most:
        run = min(free, key=lambda run: (people[run.asker], rooms[run.room], run.queued, run.id))
        free.remove(run)
        chosen.append(run)
        rooms[run.room] += 1
        people[run.asker] += 1
    return chosen


def publish_positions_after_commit(room: Room) -> None:
    transaction.on_commit(partial(publish_positions, room), robust=True)


def publish_positions(room: Room) -> None:
    """Tell a room who is next, where that is not obvious: one that nobody is ahead of begins at once."""
    for message_id, place in positions_to_publish(room.id):
        events.to_room(room.name, "queue", id=message_id, position=place)


def positions_to_publish(room_id: int) -> list[tuple[int, int]]:
    """What there is to tell of them: `positions`, unless the only one in the room begins at once."""
    runs = open_runs(room_id)
    found = positions(runs)
    return found if len(found) > 1 or len(found) < len(runs) else []


def positions(runs: list[OpenRun]) -> list[tuple[int, int]]:
    """(message, position) of the waiting ones; 1 is next."""
    return [(run.message, place) for line in waiting_queues(runs).values() for place, run in enumerate(line, start=1)]
