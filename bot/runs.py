"""The life of a Run in the database: claimed by compare-and-swap, leased, finished, given back or given up.

A worker writes only to runs that are its own at that moment, so a reply is never finished twice. Where a room
is locked too, it is locked first: so does everything else, and nobody waits in a circle.
"""

from contextlib import contextmanager
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now
from django.utils import timezone

from rooms import actions
from rooms.models import Room, State

from . import quota, waiting, wake
from .models import Run, RunState

LEASE = timedelta(seconds=30)  # by the database's clock: those of hosts differ
MAX_ATTEMPTS = 3
GAVE_UP = "The answer broke off three times. Try again later."
_EXPIRED = {"state": RunState.RUNNING, "lease_until__lt": Now()}
_SHOWN = {RunState.DONE: State.COMPLETE, RunState.STOPPED: State.STOPPED, RunState.FAILED: State.FAILED}


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


def expired(run: Run) -> bool:
    """Whether nobody works on a running run any more."""
    return Run.objects.filter(pk=run.pk, **_EXPIRED).exists()


def waiting_count() -> int:
    return Run.objects.filter(state=RunState.WAITING).count()


def load(run_id: int) -> Run:
    return Run.objects.select_related(
        "bot__user", "room", "asker", "message", "question__sender", "question__room"
    ).get(pk=run_id)


def renew(worker: str) -> int:
    """Keep what this worker has. Returns how many those are."""
    return Run.objects.filter(worker=worker, state=RunState.RUNNING).update(lease_until=Now() + LEASE)


def no_longer_wanted(worker: str, ids: list[int]) -> dict[int, str]:
    """Which of these runs their worker is to leave, and what is to be said about it (nothing: it is not ours now)."""
    still = dict(Run.objects.filter(pk__in=ids, worker=worker, state=RunState.RUNNING).values_list("pk", "stop_note"))
    return {id: still.get(id, "") for id in ids if still.get(id, "gone")}


def save_texts(worker: str, texts: dict[int, str]) -> None:
    """Save the texts so far: run id → text. One transaction for all replies of a worker."""
    with transaction.atomic():
        mine = Run.objects.select_for_update().filter(pk__in=texts, worker=worker, state=RunState.RUNNING)
        for run_id, message_id in mine.values_list("pk", "message_id"):
            actions.checkpoint_reply(message_id, texts[run_id])


def show(run: Run, **changes) -> bool:
    """Change the reply while it is written (text, state, note). False when it is no longer ours to write."""
    with _own(run) as room:
        return bool(room) and actions.update_reply(run.message_id, room=room, **changes) is not None


def finish(run: Run, state: str, text: str | None = None, note: str | None = None) -> bool:
    """End a run that its worker holds, and its reply with it; the receipt is in `run`. False when it is not ours."""
    with _own(run) as room:
        if not room:
            return False
        run.state, run.finished, run.lease_until = state, timezone.now(), None
        run.error = (note or "")[:300] if state == RunState.FAILED else ""
        quota.settle(run)
        run.save(update_fields=_RECEIPT)
        actions.update_reply(run.message_id, text=text, state=_SHOWN[state], note=note, room=room)
        wake.after_commit("run.waiting")
    return True


def release(run: Run, text: str) -> None:
    """Give a run back: its worker is leaving. The attempt does not count."""
    with _own(run) as room:
        if room:
            Run.objects.filter(pk=run.pk).update(
                state=RunState.WAITING, lease_until=None, worker="", attempts=F("attempts") - 1
            )
            actions.update_reply(run.message_id, text=text, state=State.QUEUED, room=room)
            wake.after_commit("run.waiting")


def end(run: Run, room: Room, state: str, note: str) -> None:
    """End a run that nobody works on. The caller has locked the room and the run."""
    Run.objects.filter(pk=run.pk).update(
        state=state, finished=timezone.now(), lease_until=None, error=note if state == RunState.FAILED else ""
    )
    actions.update_reply(run.message_id, state=_SHOWN[state], note=note, room=room)
    waiting.tell_after_commit(room)
    wake.after_commit("run.waiting")


@contextmanager
def locked_both(*room_ids: int):
    """A transaction that holds both rooms, locked by id as everywhere. Yields them, or None for what is gone."""
    with transaction.atomic():
        rooms = {room.id: room for room in Room.objects.select_for_update().filter(pk__in=room_ids).order_by("pk")}
        yield [rooms.get(id) for id in room_ids]


@contextmanager
def locked(room_id: int):
    """A transaction that holds the room. Yields the room, or None when it is gone."""
    with transaction.atomic():
        yield Room.objects.select_for_update().filter(pk=room_id).first()


_RECEIPT = [
    "state", "finished", "reserved", "lease_until", "error", "model", "read", "tools", "tokens_in", "tokens_out",
    "spent", "cost", "first_token_ms", "total_ms",
]  # fmt: skip


@contextmanager
def _own(run: Run):
    """With both locked: the run's room if its worker still holds it, else None."""
    with locked(run.room_id) as room:
        mine = Run.objects.select_for_update().filter(pk=run.pk, state=RunState.RUNNING)
        # The number of the attempt too: a worker that slept may have taken its own run over.
        yield room if mine.filter(worker=run.worker, attempts=run.attempts).first() else None


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
    with locked(run.room_id) as room:
        still = Run.objects.select_for_update().filter(pk=run.pk, attempts=run.attempts, **_EXPIRED)
        if room and still.first():
            end(run, room, state, note)
