"""What a worker writes about a Run and its reply: shown, saved, finished, given back.

A worker writes only to runs that are its own at that moment, so a reply is never finished twice. Where a room
is locked too, it is locked first: so does everything else, and nobody waits in a circle.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from rooms.kernel.notes import NO_NOTE, Note
from rooms.kernel.notes import join as join_notes
from rooms.kernel.notes import note as make_note
from rooms.models import Message, MessageState, Room
from rooms.publishing.payloads import RunWaiting
from rooms.services import bot_replies
from rooms.services.room_locks import lock_room_or_none
from rooms.text.markup import Rendered

from ..context import citations
from ..models import Run, RunState
from . import notify_workers, quota, scheduling

_MESSAGE_STATES: dict[str, MessageState] = {
    RunState.DONE: MessageState.COMPLETE,
    RunState.STOPPED: MessageState.STOPPED,
    RunState.FAILED: MessageState.FAILED,
}


def load(run_id: int) -> Run:
    """With all that answering it needs. Raises Run.DoesNotExist."""
    for run in load_all([run_id]):
        return run
    raise Run.DoesNotExist


def load_all(run_ids: list[int]) -> list[Run]:
    """The same of several; those that are gone are left out."""
    if not run_ids:
        return []
    loaded = list(
        Run.objects.select_related("bot__user", "room", "asker", "message", "question").filter(pk__in=run_ids)
    )
    named = {id for run in loaded for id in (run.reading_room_id, run.question.room_id) if id != run.room_id}
    rooms = Room.objects.in_bulk(named) if named else {}
    for run in loaded:  # not joined once more: each table makes the query dearer
        run.reading_room = rooms.get(run.reading_room_id, run.room)
        run.question.sender, run.question.room = run.asker, rooms.get(run.question.room_id, run.room)
    return loaded


def save_texts(worker: str, texts: dict[int, str]) -> None:
    """Save the texts so far: run id → text. One transaction for all replies of a worker."""
    with transaction.atomic():
        mine = Run.objects.select_for_update(skip_locked=True)  # one that another program holds is saved next time
        found = mine.filter(pk__in=texts, worker=worker, state=RunState.RUNNING).values_list("pk", "message_id")
        bot_replies.checkpoint({message_id: texts[run_id] for run_id, message_id in found})


def update_reply(run: Run, **changes: Any) -> bool:
    """Change the reply while it is written (text, state, note). False when it is no longer ours to write."""
    with _lock_own_run(run) as room:
        return bool(room) and bot_replies.update(run.message_id, room=room, **changes) is not None


def link_citations(run: Run, text: str) -> str:
    """A reply's text with its citations as links, and without those of what it was not made from."""
    room = run.reading_room if run.is_redirected else None
    return citations.link_citations(text, set(run.read), room, run.citable_files)


def finish(run: Run, state: str, text: str | None = None, note: Note = NO_NOTE,
           rendered: Rendered | None = None) -> bool:  # fmt: skip
    """End a run that its worker holds, and its reply with it; the receipt is in `run`. False when it is not ours.

    rendered: see bot_replies.render_finished, which is done here when it is not given.
    """
    html = bot_replies.finished_html(rendered or bot_replies.render_finished(text)) if text else None
    with _lock_own_run(run) as room:
        if not room:
            return False
        run.state, run.finished, run.lease_until = state, timezone.now(), None
        record_failure(run, note)
        own = {run.question_id, run.message_id}
        gone = set(Message.objects.filter(pk__in=own.union(run.read), deleted=True).values_list("pk", flat=True))
        if gone & own:
            run.tools = []  # what was searched is as gone as the question
        if gone - own and state == RunState.DONE:
            note = join_notes([*([note] if note else []), make_note("source_deleted")])
        quota.settle(run)
        run.save(update_fields=_RECEIPT_FIELDS)
        bot_replies.update(run.message_id, text=text, html=html, state=_MESSAGE_STATES[state], note=note, room=room)
        notify_workers.after_commit(RunWaiting())
    return True


def release(run: Run, text: str | None) -> None:
    """Give a run back: its worker is leaving. The attempt does not count, but what its requests used does."""
    with _lock_own_run(run) as room:
        if room:
            quota.settle(run)
            run.save(update_fields=["reserved", "reserved_on", "reserved_by", "spent"])
            Run.objects.filter(pk=run.pk).update(
                state=RunState.WAITING, lease_until=None, worker="", attempts=F("attempts") - 1
            )
            bot_replies.update(run.message_id, text=text, state=MessageState.QUEUED, room=room)
            notify_workers.after_commit(RunWaiting())


def end(run: Run, room: Room, state: str, note: Note) -> None:
    """End a run that nobody works on. The caller has locked the room and the run."""
    text = _partial_text(run)
    quota.settle(run, lost=run.state == RunState.RUNNING)
    run.state, run.finished, run.lease_until = state, timezone.now(), None
    record_failure(run, note)
    run.save(update_fields=_RECEIPT_FIELDS)
    bot_replies.update(run.message_id, text=text, state=_MESSAGE_STATES[state], note=note, room=room)
    scheduling.publish_positions_after_commit(room)
    notify_workers.after_commit(RunWaiting())


def record_failure(run: Run, note: Note) -> None:
    """Keep why a run failed; nothing for one that did not. note: what stands under its reply. The caller saves."""
    said = note if run.state == RunState.FAILED else NO_NOTE
    run.error, run.failure = said.text, said.reasons[0]["reason"] if said.reasons else ""


def _partial_text(run: Run) -> str | None:
    """What a worker that died had written, without citations that nobody can check; None when there is nothing new."""
    text = Message.objects.values_list("text", flat=True).get(pk=run.message_id)
    known = [version["text"] for version in run.versions[-1:]]
    return link_citations(run, text) if run.state == RunState.RUNNING and text and text not in known else None


@contextmanager
def lock_rooms(*room_ids: int) -> Iterator[list[Room | None]]:
    """A transaction that holds both rooms, locked by id as everywhere. Yields them, or None for what is gone."""
    with transaction.atomic():
        rooms = {room.id: room for room in Room.objects.select_for_update().filter(pk__in=room_ids).order_by("pk")}
        yield [rooms.get(id) for id in room_ids]


@contextmanager
def lock_room(room_id: int) -> Iterator[Room | None]:
    """A transaction that holds the room. Yields the room, or None when it is gone."""
    with transaction.atomic():
        yield lock_room_or_none(room_id)


_RECEIPT_FIELDS = [
    "state", "finished", "reserved", "reserved_on", "reserved_by", "lease_until", "error", "failure", "error_detail",
    "model", "without", "window_begin", "read", "files", "tools",
    "tokens_in", "tokens_cached", "tokens_out", "spent", "cost", "first_token_ms", "wait_ms", "total_ms",
]  # fmt: skip


@contextmanager
def _lock_own_run(run: Run) -> Iterator[Room | None]:
    """With both locked: the run's room if its worker still holds it, else None."""
    with lock_room(run.room_id) as room:
        mine = Run.objects.select_for_update().filter(pk=run.pk, state=RunState.RUNNING)
        # The number of the attempt too: a worker that slept may have taken its own run over.
        mine = mine.filter(worker=run.worker, attempts=run.attempts)
        yield room if mine.values_list("pk", flat=True).first() else None
