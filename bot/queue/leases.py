"""Which worker has which Run: claimed by compare-and-swap, leased, renewed, given up."""

from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from rooms.kernel import notes
from rooms.kernel.notes import NO_NOTE, Note, note
from rooms.models import Room

from ..models import Run, RunState
from . import runs, scheduling, sql
from .sql import LEASE

MAX_ATTEMPTS = 2  # whatever ends two workers is not given to a third
_EXPIRED = {"state": RunState.RUNNING, "lease_until__lt": Now()}


def claim(worker: str, limit: int) -> list[int]:
    """Take up to `limit` runs: first those whose worker died, then the next waiting ones. Returns their ids."""
    open_runs = scheduling.open_runs()
    left = (run.id for run in open_runs if run.expired and _take_over(worker, run))
    claimed = list(islice(left, limit))  # lazily: what is taken is answered for
    begun = _claim_waiting(worker, [run.id for run in scheduling.next_up(open_runs, limit - len(claimed))])
    _publish_positions(begun, open_runs)
    return claimed + begun


def renew(worker: str, ids: list[int]) -> int:
    """Keep what this worker works on; what it left runs out. Returns how many those are."""
    return Run.objects.filter(pk__in=ids, worker=worker, state=RunState.RUNNING).update(lease_until=Now() + LEASE)


def expire(token: str) -> int:
    """End the leases of a worker that is known to be dead, so that others take over what it was writing at once.

    token: the end of its name. Returns how many there were.
    """
    held = Run.objects.filter(state=RunState.RUNNING, worker__endswith=f":{token}")
    return held.update(lease_until=Now() - timedelta(seconds=1))


def find_cancelled(worker: str, ids: list[int]) -> dict[int, Note]:
    """Which of these runs their worker is to leave, and what is to be said about it (nothing: it is not ours now)."""
    found = _stop_notes(Run.objects.filter(pk__in=ids, worker=worker, state=RunState.RUNNING))
    return {id: found.get(id, NO_NOTE) for id in ids if id not in found or found[id]}


def is_expired(run: Run) -> bool:
    """Whether nobody works on a running run any more."""
    return Run.objects.filter(pk=run.pk, **_EXPIRED).exists()


def count_waiting() -> int:
    """In all rooms; for /metrics."""
    return Run.objects.filter(state=RunState.WAITING).count()


def _claim_waiting(worker: str, ids: list[int]) -> list[int]:
    """Take these waiting runs, no two of a bot in a room; returns which of them this worker got."""
    if not ids or _try_claim(sql.claim_waiting, worker, ids) == len(ids):
        return ids
    for id in ids:  # those of them that another worker did not begin, nor another answer there
        _try_claim(sql.claim_waiting, worker, [id])
    mine = set(Run.objects.filter(pk__in=ids, worker=worker, state=RunState.RUNNING).values_list("pk", flat=True))
    return [id for id in ids if id in mine]


def _try_claim(statement: Callable[..., int], *which: Any) -> int:
    """One UPDATE: it succeeds for one worker, whoever else tries. Returns how many runs were taken."""
    try:
        with transaction.atomic():  # so that a lost race undoes only this
            return statement(*which)
    except IntegrityError:  # another worker began a reply of this bot in this room at the same moment
        return 0


def _publish_positions(begun: list[int], open_runs: list[scheduling.OpenRun]) -> None:
    """Where an answer began, those behind it move up."""
    rooms = {run.room for run in open_runs if run.id in begun}
    behind = {run.room for run in open_runs if run.room in rooms and run.id not in begun}
    for room in Room.objects.filter(pk__in=behind) if behind else ():
        scheduling.publish_positions(room)


def _take_over(worker: str, run: scheduling.OpenRun) -> bool:
    """Go on in place of a worker that died; unless it was to stop anyway, or that happened too often."""
    stop_note = _stop_notes(Run.objects.filter(pk=run.id)).get(run.id)
    if stop_note:
        _give_up(run, RunState.STOPPED, stop_note)
    elif run.attempts >= MAX_ATTEMPTS:
        _give_up(run, RunState.FAILED, note("interrupted_twice"))
    else:
        return bool(_try_claim(sql.claim_expired, worker, run.id, run.attempts))
    return False


def _stop_notes(found: QuerySet[Run]) -> dict[int, Note]:
    rows = found.values_list("pk", "stop_note", "stop_note_data")
    return {id: notes.load(text, data) for id, text, data in rows}


def _give_up(run: scheduling.OpenRun, state: str, note: Note) -> None:
    with runs.lock_room(run.room) as room:
        still = Run.objects.select_for_update().filter(pk=run.id, attempts=run.attempts, **_EXPIRED).first()
        if room and still:
            runs.end(still, room, state, note)
