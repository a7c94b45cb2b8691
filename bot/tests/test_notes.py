"""Notes under replies: stored as reasons, and read in each reader's language."""

import re

import pytest
from django.utils import translation

from bot.answering import reply_stream
from bot.models import Run, RunState
from bot.queue import leases, runs
from e2e.model_server import Reply as Model
from rooms.kernel import notes
from rooms.kernel.db_executor import run_db
from rooms.kernel.notes import NO_NOTE, NOTES, Note, join, note
from rooms.models import Message, MessageState
from rooms.queries.serializers import message_event
from rooms.services import bot_replies, messages

from .conftest import answered, events, until, working

pytestmark = pytest.mark.django_db
STOPPED_BY_ALICE = {"reason": "stopped_by", "params": {"name": "alice"}}


@pytest.fixture
def run(say, alice) -> Run:
    return Run.objects.get(question=say(alice, "@bot hi"))


def event_of(run: Run) -> dict:
    return message_event(Message.objects.for_wire().get(pk=run.message_id))


def note_on_page(client, room, language: str) -> str:
    page = client.get(f"/chat/{room.name}/", headers={"Accept-Language": language}).content.decode()
    return re.findall(r'<p class="note"\s*>([^<]+)</p', page)[-1]


def test_whoever_reads_the_page_reads_notes_in_their_language(run, alice, room, client):
    bot_replies.update(run.message_id, text="It is", state=MessageState.STOPPED, note=note("stopped_by", name="alice"))
    client.force_login(alice)
    assert note_on_page(client, room, "en") == "Stopped by alice."
    assert note_on_page(client, room, "de") == "Angehalten von alice."
    event = event_of(run)
    assert (event["note"], event["notes"]) == ("Stopped by alice.", [STOPPED_BY_ALICE])


def test_the_text_is_in_the_servers_language(run, settings, alice, room, client):
    settings.LANGUAGE_CODE = "de"
    with translation.override("en"):
        bot_replies.update(run.message_id, text="Es", state=MessageState.STOPPED, note=note("reply_deleted"))
    client.force_login(alice)
    assert event_of(run)["note"] == "Gelöscht." and note_on_page(client, room, "en") == "Deleted."


def test_a_row_of_the_version_before_is_read_as_it_stands(run, alice, room, client):
    Message.objects.filter(pk=run.message_id).update(note="The model is busy.", state=MessageState.FAILED)
    client.force_login(alice)
    assert note_on_page(client, room, "de") == "The model is busy."
    event = event_of(run)
    assert event["note"] == "The model is busy." and "notes" not in event


def test_what_the_version_before_changes_is_not_read_from_the_data(run, alice, room, client):
    bot_replies.update(run.message_id, text="It is", state=MessageState.STOPPED, note=note("stopped_by", name="alice"))
    Message.objects.filter(pk=run.message_id).update(note="Deleted.")
    client.force_login(alice)
    assert note_on_page(client, room, "de") == "Deleted." and "notes" not in event_of(run)
    Message.objects.filter(pk=run.message_id).update(note="")
    assert not event_of(run).keys() & {"note", "notes"}


def test_what_a_later_version_says_is_read_in_its_own_words():
    of_tomorrow = {"reason": "of_tomorrow", "params": {}}
    text = "Stopped by alice.; It is tomorrow."
    stored = {"text": text, "reasons": [STOPPED_BY_ALICE, of_tomorrow]}
    with translation.override("de"):
        assert notes.load(text, stored).sentence() == text


def test_a_note_has_the_parameters_of_its_sentence():
    with pytest.raises(KeyError):
        note("no_such_thing")
    with pytest.raises(TypeError, match="has the parameters"):
        note("stopped_by")
    with pytest.raises(ValueError, match="already"):
        notes.register({"stopped_by": NOTES["stopped_by"]})


def test_several_notes_are_one_and_their_text_fits_into_its_column():
    searched = note("searched", words="w" * 60, count=2)
    many = join([searched] * 9)
    assert len(many.text) == 300 and len(many.reasons) == 9
    assert notes.load(many.text, many.to_json()) == many
    with translation.override("de"):
        assert join([searched, note("read_missed")]).sentence().endswith("2 Nachrichten; gelesen, was du verpasst hast")
    assert join([]) == NO_NOTE and not NO_NOTE and NO_NOTE.to_json() is None


def test_a_deleted_reply_keeps_no_note(run, room, alice, bob):
    bot_replies.update(run.message_id, text="x", state=MessageState.COMPLETE, note=note("looked_up_person", name="bob"))
    Run.objects.filter(pk=run.pk).update(state=RunState.DONE)
    messages.delete(alice, room.name, run.message_id)
    reply = Message.objects.get(pk=run.message_id)
    assert (reply.note, reply.note_data) == ("", None)


def test_a_worker_hears_why_it_is_to_stop_from_either_version(run, alice, room):
    assert leases.claim("worker", 10) == [run.pk]
    assert leases.find_cancelled("worker", [run.pk]) == {}
    bot_replies.stop(alice, room.name, run.message_id)
    assert leases.find_cancelled("worker", [run.pk]) == {run.pk: note("stopped_by", name="alice")}
    Run.objects.filter(pk=run.pk).update(stop_note="Stopped by bob.")  # by the version before, which knows no data
    assert leases.find_cancelled("worker", [run.pk]) == {run.pk: Note("Stopped by bob.")}
    assert runs.load(run.pk).load_stop_note() == Note("Stopped by bob.")
    assert leases.find_cancelled("other", [run.pk]) == {run.pk: NO_NOTE}


def test_the_receipt_is_in_the_readers_language(run, alice, room, client):
    failed = note("model_busy_for", seconds="7")
    earlier = note("searched", words="tea", count=1)
    versions = [
        {"text": "a", "note": earlier.text, "note_data": earlier.to_json()},
        {"text": "b", "note": "old"},
        {"text": "c"},
    ]
    bot_replies.update(run.message_id, state=MessageState.FAILED, note=failed)
    Run.objects.filter(pk=run.pk).update(state=RunState.FAILED, error=failed.text, versions=versions)
    client.force_login(alice)
    address = f"/api/rooms/{room.name}/messages/{run.message_id}/receipt"
    found = client.get(address, headers={"Accept-Language": "de"}).json()
    with translation.override("de"):
        assert found["error"] == NOTES["model_busy_for"].text({"seconds": "7"}) != failed.text
    assert found["versions"] == [
        {"text": "a", "html": "<p>a</p>\n", "note": "gesucht: „tea“, 1 Nachricht"},
        {"text": "b", "html": "<p>b</p>\n", "note": "old"},
        {"text": "c", "html": "<p>c</p>\n"},
    ]


@pytest.mark.django_db(transaction=True)
async def test_what_was_looked_up_and_how_it_ended_stand_together(model, say, alice, sent, monkeypatch):
    monkeypatch.setattr(reply_stream, "MAX_LENGTH", 12)
    model.next(
        Model("", calls=[("search_room", {"words": "tea"}), ("search_room", {"words": "tea"})]),
        Model("It is tea, at five o'clock."),
    )
    async with working():
        run = await answered(await run_db(say, alice, "@bot tea?"))
    searched = {"reason": "searched", "params": {"words": "tea", "count": 0}}
    truncated = {"reason": "answer_truncated", "params": {}}
    told = [event["notes"] for event in events(sent, "message") if event["id"] == run.message_id and "notes" in event]
    assert told[0] == [searched] and told[-1] == [searched, truncated]
    assert (await until(lambda: Message.objects.get(pk=run.message_id))).note_data["reasons"] == told[-1]
