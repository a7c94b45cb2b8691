"""For how long files are kept: who decides it, when they go, and what their messages say then."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from files.incoming import IncomingFile
from files.models import Blob
from jobs.models import Job
from jobs.worker import run_all
from rooms.kernel.errors import ChatError
from rooms.models import Attachment, Message, files_in_words
from rooms.queries.serializers import message_event
from rooms.realtime.plain_mode import plain_text
from rooms.services import attachments, file_changes, file_retention, messages, uploads
from rooms.services.file_retention import remove_old_files, set_days

from .operations import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


@pytest.fixture
def send(alice, lobby, monkeypatch):
    """Sends files that are so many days old, by their names; returns the message."""
    monkeypatch.setattr(file_retention, "PAUSE", 0)

    def send_files(text: str, **days: int) -> Message:
        keys = []
        for name in days:
            incoming = IncomingFile(f"{name}.txt")
            incoming.write(name.encode())
            incoming.finish()
            keys.append(uploads.take_in(alice, "lobby", incoming).key)
            incoming.discard()
        sent = messages.post(alice, "lobby", text, files=keys).message_id
        for key, age in zip(keys, days.values(), strict=True):
            Attachment.objects.filter(key=key).update(created=timezone.now() - timedelta(days=age))
        return Message.objects.get(pk=sent)

    return send_files


def run() -> None:
    remove_old_files.enqueue()
    run_all()


def removed(message: Message) -> list:
    message.refresh_from_db()
    return [file.get("removed") for file in message.files]


def test_the_owner_and_staff_decide_and_the_room_is_told(alice, bob, lobby, make_user, settings):
    for days in (1, -7, 8):
        with pytest.raises(ChatError) as caught:
            set_days(alice, "lobby", days)
        assert caught.value.reason == "files_days_unknown" and "7, 30, 90" in caught.value.message
    with pytest.raises(ChatError) as caught:
        set_days(bob, "lobby", 7)
    assert caught.value.reason == "cannot_set_files_days"
    assert set_days(alice, "lobby", 30).files_days == 30
    set_days(alice, "lobby", 30)
    set_days(make_user("root", is_staff=True), "lobby", 0)
    told = Message.objects.filter(kind="notice").order_by("id").values_list("notice", flat=True)
    assert [each["reason"] for each in told] == ["files_days_set", "files_days_lifted"]
    settings.FILES_KEPT_DAYS = 90
    assert file_retention.choices() == [0, 7, 30] and file_retention.days_of(lobby) == 90


def test_what_is_older_goes_and_its_message_says_so(alice, send, published, django_capture_on_commit_callbacks):
    first, second = send("look", old=31, new=29), send("", only=40)
    set_days(alice, "lobby", 30)
    before = Message.objects.get(pk=second.pk).seq
    with django_capture_on_commit_callbacks(execute=True):
        run()
    assert (removed(first), removed(second)) == ([30, None], [30])
    assert first.text == "look" and second.seq > before and not second.deleted
    assert Attachment.objects.get().name == "new.txt"
    assert Blob.objects.get().pk == Attachment.objects.get().blob_id
    shown = message_event(Message.objects.for_wire().get(pk=second.pk))["files"]
    assert [(each["name"], each["url"], each["removed"]) for each in shown] == [("only.txt", "", 30)]
    assert files_in_words(second.files) == "[file: only.txt, 1 KB, removed since]"


def test_the_server_keeps_nothing_for_longer(send, settings):
    message = send("", old=11, new=9)
    run()
    assert removed(message) == [None, None]
    settings.FILES_KEPT_DAYS = 10
    run()
    assert removed(message) == [10, None]


def test_taking_another_file_out_forgets_nothing(alice, send, settings):
    settings.FILES_KEPT_DAYS = 10
    message = send("", old=11, new=9)
    run()
    new = Attachment.objects.get()
    file_changes.describe(alice, new.key, "a list")
    message.refresh_from_db()
    assert [(each["name"], each.get("alt")) for each in message.files] == [("old.txt", None), ("new.txt", "a list")]
    file_changes.remove(alice, new.key)
    assert removed(message) == [10] and not message.deleted
    with pytest.raises(ChatError):
        file_changes.remove(alice, message.files[0]["id"])


def test_a_run_ends_and_another_goes_on(send, settings, monkeypatch):
    settings.FILES_KEPT_DAYS = 10
    monkeypatch.setattr(file_retention, "BATCHES", 1)
    monkeypatch.setattr(file_retention, "BATCH_SIZE", 1)
    sent = [send("", a=11), send("", b=12)]
    run()
    assert [removed(each) for each in sent] == [[10], [10]]
    assert Job.objects.filter(task__endswith=".remove_old_files").count() == 3


def test_a_deleted_message_and_a_deleted_room_are_left_alone(alice, lobby, send, settings):
    settings.FILES_KEPT_DAYS = 10
    message = send("", old=11)
    lobby.deleted = timezone.now()
    lobby.save()
    run()
    assert removed(message) == [None] and attachments.describe(Attachment.objects.all())


def test_plain_mode_says_so(send, settings):
    settings.FILES_KEPT_DAYS = 10
    message = send("look", old=11)
    run()
    shown = message_event(Message.objects.for_wire().get(pk=message.pk))
    assert "old.txt: removed" in plain_text(json.dumps(shown, separators=(",", ":")))


def test_over_the_api(alice, bob, lobby, settings):
    hers, his = signed_in(alice), signed_in(bob)

    def post(client, body):
        return client.post("/api/rooms/lobby/files_days", body, "application/json")

    assert post(hers, {"days": 30}).json()["files_days"] == his.get("/api/rooms/lobby").json()["files_days"] == 30
    assert post(his, {"days": 7}).json()["reason"] == "cannot_set_files_days"
    for body in ({}, {"days": "7"}, {"days": True}, {"days": -1}):
        assert post(hers, body).json()["reason"] == "field_not_number"
    assert post(hers, {"days": 8}).json()["params"] == {"choices": "0, 7, 30, 90, 180, 365, 1095"}
    settings.FILES_KEPT_DAYS = 90
    assert post(hers, {"days": 0}).json()["files_days"] == 90  # as long as the server
    assert post(hers, {"days": 0, "more": 1}).json()["reason"] == "body_unknown_field"
