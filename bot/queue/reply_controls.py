"""What people ask of a reply: stop it, write it again; and what becomes of it when its question is deleted.

All receive signals of rooms, inside the transaction of the request.
"""

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from rooms.kernel.errors import ChatError
from rooms.kernel.notes import NO_NOTE, Note, note
from rooms.models import Message, MessageState, Room
from rooms.publishing.payloads import RunStop, RunWaiting
from rooms.services import bot_replies
from rooms.text.markup import visible_text

from ..models import OPEN, Run, RunState
from . import leases, notify_workers, policy, runs, scheduling

MAX_VERSIONS = 10  # earlier answers that are kept


def on_stop(sender: Any, message: Message, user: User, **_signal: Any) -> None:
    """Stop one reply, which keeps the text that it has and says who stopped it."""
    with runs.lock_room(message.room_id) as room:
        if room is None:  # it was deleted, and the run with it
            return
        stop_runs(room, note("stopped_by", name=user.username), message_id=message.id)


def on_deleted(sender: Any, messages: list[Message], room: Room, **_signal: Any) -> None:
    """Questions and replies are gone: nobody is to go on writing, and what was searched for them is in no receipt. With
    a reply go the answers before it."""
    ids = [message.id for message in messages]
    if not Run.objects.filter(Q(question_id__in=ids) | Q(message_id__in=ids)).exists():
        return
    stop_runs(room, note("question_deleted"), question_id__in=ids)
    stop_runs(room, note("reply_deleted"), message_id__in=ids)
    Run.objects.filter(message_id__in=ids).update(versions=[], tools=[])
    searched = Run.objects.filter(question_id__in=ids, state=RunState.DONE).exclude(tools=[])
    for id in list(searched.values_list("message_id", flat=True)):
        # it may be in another room, with a lock of its own
        transaction.on_commit(partial(bot_replies.update, id, note=NO_NOTE))
    Run.objects.filter(question_id__in=ids).update(tools=[])


def on_retry(sender: Any, message: Message, user: User, **_signal: Any) -> None:
    """Raises ChatError: reply_not_repeatable, too_many_questions."""
    with runs.lock_room(message.room_id) as room:
        run = Run.objects.select_for_update().filter(message_id=message.id).exclude(state__in=OPEN).first()
        if room is None or run is None:
            raise ChatError("reply_not_repeatable")
        if why := _refusal_reason(run):
            raise ChatError(why)
        if Run.objects.filter(room=room, state=RunState.WAITING).count() >= settings.BOT_MAX_QUEUED:
            raise ChatError("too_many_questions", 30)
        reply = Message.objects.get(pk=message.id)
        run.versions = [*run.versions, *_snapshot(run, reply)][-MAX_VERSIONS:]
        run.state, run.queued, run.attempts, run.error = RunState.WAITING, timezone.now(), 0, ""
        run.stop_note, run.stop_note_data = "", None
        run.finished = run.first_token_ms = run.wait_ms = run.total_ms = run.cost = None
        run.read, run.files, run.tools, run.worker = [], None, [], ""
        run.without, run.failure, run.error_detail = "", "", ""
        run.tokens_in = run.tokens_cached = run.tokens_out = 0
        run.save()
        # The text shows until the new one begins.
        earlier = len(run.versions)
        bot_replies.update(message.id, state=MessageState.QUEUED, note=NO_NOTE, earlier=earlier, room=room)
    scheduling.publish_positions_after_commit(room)
    notify_workers.after_commit(RunWaiting())


def _refusal_reason(run: Run) -> str | None:
    heard = policy.available_bots(run.reading_room).filter(pk=run.bot_id).exists()
    return policy.refusal_reason(run) or (None if heard else "bot_not_in_room")


def stop_runs(room: Room, note: Note, **which: Any) -> None:
    """End what waits; tell the worker of what is being written. `room` is locked."""
    for run in Run.objects.select_for_update().filter(state__in=OPEN, **which):
        # An answer that goes to another room than this one ends under that room's lock: its worker sees to it.
        if run.room_id != room.id or (run.state == RunState.RUNNING and not leases.is_expired(run)):
            Run.objects.filter(pk=run.pk).update(stop_note=note.text, stop_note_data=note.to_json())
            notify_workers.after_commit(RunStop(run=run.pk))
        else:
            runs.end(run, room, RunState.STOPPED, note)


def _snapshot(run: Run, reply: Message) -> list[dict]:
    """The answer as it was, in a list; nothing when there was none to keep, or it is kept already."""
    if not reply.text or (run.versions and run.versions[-1]["text"] == reply.text):
        return []
    finished = run.finished.isoformat() if run.finished else None
    about = {"state": reply.state, "note": reply.note, "model": run.model, "finished": finished, "html": reply.html}
    if reply.note_data:
        about["note_data"] = reply.note_data
    return [{"text": reply.text, "words": visible_text(reply.html).strip() or reply.text} | about]
