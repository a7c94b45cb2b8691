"""Which worker has which Run: claimed by compare-and-swap, leased, renewed, given up."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from rooms.models import Room

from . import runs, waiting
from .models import Run, RunState

LEASE = timedelta(seconds=30)  # by the database's clock: those of hosts differ
MAX_ATTEMPTS = 3
GAVE_UP = "The answer broke off three times. Try again later."
_EXPIRED = {"state": RunState.RUNNING, "lease_until__lt": Now()}


def claim(worker: str, limit: int) -> list[int]:
    """Take up to `limit` runs: first those whose worker died, then the next waiting ones. Returns their ids."""
    claimed = []
    for run in Run.objects.filter(**_EXPIRED).order_by("id")[:limit]:
        if run.stop_note or run.attempts >= MAX_ATTEMPTS:
            _give_up(run)
        elif _take(worker, pk=run.pk, attempts=run.attempts, **_EXPIRED):
            claimed.append(run.pk)
    if len(claimed) < limit and Run.objects.filter(state=RunState.WAITING).exists():
        open_runs = waiting.open_runs()
        begun = [run for run in waiting.next_up(open_runs)[: limit - len(claimed)] if _take_next(worker, run)]
        _tell_who_is_next(begun, open_runs)
        claimed += [run.id for run in begun]
    return claimed


def renew(worker: str) -> int:
    """Keep what this worker has. Returns how many those are."""
    return Run.objects.filter(worker=worker, state=RunState.RUNNING).update(lease_until=Now() + LEASE)


def no_longer_wanted(worker: str, ids: list[int]) -> dict[int, str]:
    """Which of these runs their worker is to leave, and what is to be said about it (nothing: it is not ours now)."""
    still = dict(Run.objects.filter(pk__in=ids, worker=worker, state=RunState.RUNNING).values_list("pk", "stop_note"))
    return {id: still.get(id, "") for id in ids if still.get(id, "gone")}


def expired(run: Run) -> bool:
    """Whether nobody works on a running run any more."""
    return Run.objects.filter(pk=run.pk, **_EXPIRED).exists()


def waiting_count() -> int:
    return Run.objects.filter(state=RunState.WAITING).count()


def _take(worker: str, **unchanged) -> bool:
    """One UPDATE: it succeeds for one worker, whoever else tries."""
    speaking = Run.objects.filter(room=OuterRef("room"), bot=OuterRef("bot"), state=RunState.RUNNING)
    runs = Run.objects.filter(~Exists(speaking.exclude(pk=OuterRef("pk"))), **unchanged)
    taken = {"state": RunState.RUNNING, "worker": worker, "lease_until": Now() + LEASE, "attempts": F("attempts") + 1}
    try:
        with transaction.atomic():  # so that a lost race undoes only this
            return bool(runs.update(**taken))
    except IntegrityError:  # another worker began a reply of this bot in this room at the same moment
        return False


def _take_next(worker: str, run: waiting.Asked) -> bool:
    return _take(worker, pk=run.id, state=RunState.WAITING)


def _tell_who_is_next(begun: list[waiting.Asked], open_runs: list[waiting.Asked]) -> None:
    """Where an answer began, those behind it move up."""
    ids, rooms = {run.id for run in begun}, {run.room for run in begun}
    behind = {run.room for run in open_runs if run.room in rooms and run.id not in ids}
    for room in Room.objects.filter(pk__in=behind) if behind else ():
        waiting.tell(room)


def _give_up(run: Run) -> None:
    """End a run whose worker died: it was to stop anyway, or has died too often."""
    state, note = (RunState.STOPPED, run.stop_note) if run.stop_note else (RunState.FAILED, GAVE_UP)
    with runs.locked(run.room_id) as room:
        still = Run.objects.select_for_update().filter(pk=run.pk, attempts=run.attempts, **_EXPIRED)
        if room and still.first():
            runs.end(run, room, state, note)
