"""Small pictures that are made later: of which pictures, and who is told."""

from threading import get_ident

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from files import child_process, documents, previews
from files.incoming import IncomingFile, folder
from files.models import Blob
from files.places import path_of
from files.tests.documents import pdf
from files.tests.pictures import picture
from files.texts import count_pages, get_page
from jobs.models import READY, Job
from jobs.worker import run_all
from rooms.models import Attachment, Message
from rooms.services import late_previews, messages, uploads
from rooms.services.attachments import fill_kinds
from rooms.services.file_upkeep import keep_files_tidy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unlimited")]


@pytest.fixture
def sent(alice, lobby, monkeypatch):
    """Sends a picture that has come in while it was too busy: the message's id."""

    def send(data: bytes) -> int:
        incoming = IncomingFile("boat.png")
        incoming.write(data)
        incoming.finish()
        with monkeypatch.context() as patch:
            patch.setattr(child_process, "AT_ONCE", 0)
            patch.setattr(child_process, "PATIENCE", 0)
            async_to_sync(previews.make_previews)(incoming)
            async_to_sync(documents.read_document)(incoming)
        taken = uploads.take_in(alice, "lobby", incoming)
        incoming.discard()
        return messages.post(alice, "lobby", "", files=[taken.key]).message_id

    return send


def test_a_picture_gets_them_later_and_its_messages_say_so(sent, published):
    first, second = sent(picture(400, 300)), sent(picture(400, 300))
    assert "preview" not in Message.objects.get(pk=first).files[0]
    before = Message.objects.get(pk=second).seq
    published.clear()
    assert Job.objects.filter(task__endswith=".make_late_previews").count() == 1  # of a blob, not of a message
    run_all()
    for number in (first, second):
        message = Message.objects.get(pk=number)
        assert message.seq > before and message.files[0]["preview"]["sides"] == [360, 1080]
        assert (message.files[0]["width"], message.files[0]["height"]) == (400, 300)
    assert len(published) == 2
    blob = Blob.objects.get()
    kept = path_of(blob)  # other tests have left files of the same bytes, under other names
    assert len(list(kept.parent.glob(f"{kept.name}*"))) == 3
    assert not blob.preview_due and not list(folder().glob("*"))


def test_rooms_are_told_by_the_next_job_where_one_was_interrupted(sent, monkeypatch):
    message, blob = sent(picture(400, 300)), Blob.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(late_previews, "_tell", lambda _blob: None)  # killed between the two transactions
        run_all()
    blob.refresh_from_db()
    assert not blob.preview_due and "preview" not in Message.objects.get(pk=message).files[0]
    seqs = []
    for _again in range(2):
        late_previews.make_late_previews.enqueue(blob.pk)
        run_all()
        told = Message.objects.get(pk=message)
        seqs.append(told.seq)
        assert told.files[0]["preview"]["sides"] == [360, 1080]
    assert seqs[0] == seqs[1]  # the second had nothing to say


def test_a_document_is_read_later_and_its_messages_show_its_first_page(sent):
    message = sent(pdf("Report", "Boats"))
    assert Blob.objects.get().text is None
    run_all()
    blob = Blob.objects.get()
    assert not blob.text_due and (count_pages(blob.pk), get_page(blob.pk, 2)) == (2, "Boats")
    assert Message.objects.get(pk=message).files[0]["preview"]["sides"] == [360, 1080]


def test_one_that_cannot_be_read_is_tried_once(sent, published):
    sent(picture()[:60])
    published.clear()
    run_all()
    assert not Blob.objects.get().preview_due and published == []


def test_while_it_is_still_too_busy_it_stays_due(sent, monkeypatch):
    sent(picture())
    monkeypatch.setattr(child_process, "AT_ONCE", 0)
    monkeypatch.setattr(child_process, "PATIENCE", 0)
    for attempt in (1, 2, 3):
        run_all()
        assert Blob.objects.get().preview_due and not list(folder().glob("*"))
        job = Job.objects.get(task__endswith=".make_late_previews")
        assert (job.state, job.attempts, job.error) == (READY, attempt, "builtins.TimeoutError")
        Job.objects.update(run_after=timezone.now())
    run_all()  # it is not that busy for so long
    assert not Blob.objects.get().preview_due


def test_one_that_an_older_version_took_in_is_not_forgotten(sent):
    message = sent(picture(400, 300))
    Job.objects.all().delete()
    keep_files_tidy.enqueue()
    run_all()
    assert Message.objects.get(pk=message).files[0]["preview"]


def test_rows_of_an_older_version_get_their_size_and_kind(sent):
    sent(picture())
    Attachment.objects.update(size=0, kind="")
    assert (fill_kinds(), fill_kinds()) == (1, 0)
    found = Attachment.objects.get()
    assert (found.size, found.kind) == (found.blob.size, "image")


def test_a_job_keeps_no_connection_of_another_thread(sent, monkeypatch):
    """Each would stay out of the pool for as long as the worker lives."""
    sent(picture(400, 300))
    threads, due_one = set(), late_previews._due_one
    monkeypatch.setattr(late_previews, "_due_one", lambda id: threads.add(get_ident()) or due_one(id))
    assert run_all() and threads == {get_ident()}
