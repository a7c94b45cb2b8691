"""What bots keep of a person, erased: steps that rooms/privacy/erasure.py does before its own.

How many tokens were used stays, without whose they were: it was paid for.
"""

from django.conf import settings
from django.db.models import Q
from django.utils import translation

from rooms.kernel.notes import NOTES, Note, note
from rooms.models import Erasure
from rooms.privacy import erasure_steps
from rooms.services import bot_replies

from ..models import OPEN, Feedback, Run, Usage
from ..queue import reply_controls, runs

BATCH_SIZE = 500  # in a transaction
RUNS_PER_STEP = 1000  # runs, for notes that name somebody


def connect() -> None:
    """Called once, when the app is ready."""
    erasure_steps.prepend_steps(stop_questions, anonymize_usage, delete_feedback, rename_in_notes)


def stop_questions(erasure: Erasure) -> bool:
    """One answer that waits or is being written."""
    run = Run.objects.filter(asker=erasure.user_id, state__in=OPEN, stop_note="").order_by("pk").first()
    if run is None:
        return False
    with runs.lock_room(run.room_id) as room:
        if room:
            reply_controls.stop_runs(room, note("account_deleted"), pk=run.pk)
    return True


def anonymize_usage(erasure: Erasure) -> bool:
    """One batch. Returns whether there may be more."""
    mine = Usage.objects.filter(asker=erasure.user_id).values_list("pk", flat=True)[:BATCH_SIZE]
    return bool(Usage.objects.filter(pk__in=list(mine)).update(asker=None))


def delete_feedback(erasure: Erasure) -> bool:
    """One batch. Returns whether there may be more."""
    mine = Feedback.objects.filter(user=erasure.user_id).values_list("pk", flat=True)[:BATCH_SIZE]
    return bool(Feedback.objects.filter(pk__in=list(mine)).delete()[0])


def rename_in_notes(erasure: Erasure) -> bool:
    """The next answer that says, or whose earlier version says, that this person stopped it."""
    old = _stop_notes(erasure.name)
    rest = Run.objects.filter(pk__gt=int(erasure.after or 0)).order_by("pk")
    looked_at = list(rest.values_list("pk", flat=True)[:RUNS_PER_STEP])
    if not looked_at:
        return False
    says = Q(message__note__in=old) | Q(stop_note__in=old) | ~Q(versions=[])
    run = Run.objects.filter(says, pk__in=looked_at).select_related("message").order_by("pk").first()
    if run:
        _rename_in(run, old, note("stopped_by", name=erasure.user.username))
    erasure.after = str(run.pk if run else looked_at[-1])
    return True


def _rename_in(run: Run, old: set[str], new: Note) -> None:
    said = {"note": new.text, "note_data": new.to_json()}
    if run.message.note in old:
        bot_replies.update(run.message_id, note=new)
    run.versions = [version | (said if version.get("note") in old else {}) for version in run.versions]
    if run.stop_note in old:
        run.stop_note, run.stop_note_data = new.text, new.to_json()
    Run.objects.filter(pk=run.pk).update(
        stop_note=run.stop_note, stop_note_data=run.stop_note_data, versions=run.versions
    )


def _stop_notes(name: str) -> set[str]:
    """In each language that the server may have had."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(NOTES["stopped_by"].text({"name": name}))
    return found
