"""What becomes of files: described, taken out, deleted, exported; and how much space they take. With a web process."""

import io
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.utils import timezone

from files import usage
from files.incoming import folder
from files.models import Blob
from files.places import path_of
from files.tests.pictures import picture
from rooms.kernel.errors import ChatError
from rooms.models import Attachment, Message
from rooms.privacy import erasure
from rooms.privacy.personal_data_archive import archive
from rooms.services import attachments, deletion, file_changes, membership, messages

from .file_calls import form
from .live import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unlimited")]


def test_a_picture_is_described_before_and_after_it_is_sent(hers, his):
    taken = hers.uploaded("lobby", picture(), "boat.png", alt="a  boat")
    assert taken["alt"] == "a boat"
    assert hers.patch(taken["id"], "a red boat").json["alt"] == "a red boat"
    sent = hers.send("lobby", taken["id"]).json
    assert sent["files"][0]["alt"] == "a red boat"
    assert his.patch(taken["id"], "mine").reason == "not_file_owner"
    assert hers.patch(taken["id"], "").status == 200
    [listed] = his.get("/api/rooms/lobby/messages").json["messages"]
    assert "alt" not in listed["files"][0] and listed["seq"] > sent["seq"]


def test_a_description_that_comes_while_the_file_is_sent_is_in_the_message(hers, his, alice, monkeypatch):
    taken = hers.uploaded("lobby", picture(), "boat.png")
    real, sent = file_changes._mine, []

    def mine(user, key):
        found = real(user, key)
        if not sent:
            sent.append(hers.send("lobby", taken["id"]).json)
        return found

    monkeypatch.setattr(file_changes, "_mine", mine)
    file_changes.describe(alice, taken["id"], "a boat")
    [listed] = his.get("/api/rooms/lobby/messages").json["messages"]
    assert listed["files"][0]["alt"] == "a boat"


def test_a_file_is_taken_out_of_its_message(hers, his):
    ids = [hers.uploaded("lobby", name.encode(), name)["id"] for name in ("a.txt", "b.txt")]
    sent = hers.send("lobby", *ids).json
    assert his.call("DELETE", f"/api/files/{ids[0]}").reason == "not_file_owner"
    assert hers.call("DELETE", f"/api/files/{ids[0]}").json == {"deleted": ids[0]}
    [listed] = his.get("/api/rooms/lobby/messages").json["messages"]
    assert [each["id"] for each in listed["files"]] == [ids[1]] and not listed["deleted"]
    assert his.get(sent["files"][0]["url"]).status == 404
    hers.call("DELETE", f"/api/files/{ids[1]}")
    [listed] = his.get("/api/rooms/lobby/messages").json["messages"]
    assert listed["deleted"] and "files" not in listed
    assert not Blob.objects.exists()


def test_a_file_that_is_not_sent_can_be_deleted(hers):
    taken = hers.uploaded("lobby")
    assert hers.call("DELETE", f"/api/files/{taken['id']}").status == 200
    assert hers.call("DELETE", f"/api/files/{taken['id']}").reason == "no_such_file"
    assert hers.send("lobby", taken["id"]).reason == "no_such_file"


def test_with_files_a_text_may_be_edited_away(hers, alice):
    sent = hers.sent("lobby", text="look")
    assert messages.edit(alice, "lobby", sent["id"], " ").files
    with pytest.raises(ChatError, match="empty"):
        messages.edit(alice, "lobby", messages.post(alice, "lobby", "only words").message_id, "")


def test_a_deleted_message_takes_its_file_along(hers, his, alice):
    first, second = hers.sent("lobby"), hers.sent("lobby", name="again.txt")
    [blob] = Blob.objects.all()
    url = first["files"][0]["url"]
    messages.delete(alice, "lobby", first["id"])
    assert hers.get(url).status == his.get(url).status == 404
    assert path_of(blob).exists()  # the other message has the same bytes
    messages.delete(alice, "lobby", second["id"])
    assert not path_of(blob).exists()
    assert not Blob.objects.exists() and not Attachment.objects.exists()
    assert [message.files for message in Message.objects.all()] == [None, None]


def test_people_rooms_and_the_server_have_so_much_space(hers, his, settings, alice):
    membership.create_room(alice, "Elsewhere")
    hers.uploaded("lobby", b"x" * 900_000)
    settings.FILES_QUOTA_PERSON_MB = 1
    answer = hers.upload("elsewhere", b"y" * 600_000)
    assert (answer.status, answer.reason, answer.json["params"]) == (413, "person_has_no_space", {"limit": 1})
    his.uploaded("lobby", b"y" * 100_000)
    settings.FILES_QUOTA_PERSON_MB, settings.FILES_QUOTA_ROOM_MB = 0, 1
    assert hers.upload("lobby", b"z" * 600_000).reason == "room_has_no_space"
    assert hers.upload("elsewhere", b"z" * 600_000).status == 201
    settings.FILES_QUOTA_ROOM_MB, settings.FILES_QUOTA_MB = 0, 1
    usage._total = (-100.0, 0)
    assert hers.upload("elsewhere", b"a" * 10).reason == "server_has_no_space"
    assert not list(folder().glob("*"))


def test_what_comes_without_a_length_is_measured(hers, settings):
    """A chunked body says nothing of its size beforehand."""
    settings.FILES_QUOTA_PERSON_MB = 1
    body, type = form([("file", "a.bin", b"x" * 1_200_000)])
    pieces = (body[at : at + 50_000] for at in range(0, len(body), 50_000))
    assert hers.call("POST", "/api/rooms/lobby/files", pieces, Content_Type=type).reason == "person_has_no_space"
    until(lambda: not list(folder().glob("*")))


def test_the_disk_keeps_some_space(hers, monkeypatch):
    monkeypatch.setattr(usage, "KEPT_FREE", 2**60)
    assert hers.upload("lobby").reason == "server_has_no_space"


def test_what_is_not_sent_goes_after_a_day(hers):
    taken, sent = hers.uploaded("lobby", b"one"), hers.sent("lobby", b"two")
    assert attachments.discard_old_unsent() == 0
    Attachment.objects.update(created=timezone.now() - timedelta(days=2))
    assert attachments.discard_old_unsent() == 1
    assert hers.get(taken["url"]).status == 404 and hers.get(sent["files"][0]["url"]).status == 200
    assert Blob.objects.count() == 1


def test_a_room_that_is_deleted_for_good_takes_its_files_along(hers, alice, settings):
    settings.ROOM_DELETION_DAYS = 0
    room = membership.create_room(alice, "Elsewhere")
    url = hers.sent(room.name)["files"][0]["url"]
    hers.uploaded(room.name, b"not sent")
    deletion.delete(alice, room.name)
    assert hers.get(url).status == 404
    while deletion.delete_for_good_batch():
        pass
    assert not Attachment.objects.exists() and not Blob.objects.exists()


def test_a_download_of_my_data_has_my_files(hers, his, alice):
    hers.sent("lobby", b"in a message", "sent.txt")
    hers.uploaded("lobby", b"not yet", "unsent.txt")
    his.sent("lobby", b"not hers")
    with ZipFile(io.BytesIO(b"".join(archive(alice)))) as zip:
        names = {name for name in zip.namelist() if "/files/" in name}
        assert {zip.read(name) for name in names} == {b"in a message", b"not yet"}
        listed = json.loads(zip.read("alice/data.json"))["files"]
    assert {f"alice/{each['file']}" for each in listed} == names
    assert [each["name"] for each in listed] == ["sent.txt", "unsent.txt"]


@pytest.mark.parametrize("keep_messages", [False, True])
def test_who_is_erased_leaves_no_file(hers, alice, keep_messages):
    url = hers.sent("lobby", b"said")["files"][0]["url"]
    hers.uploaded("lobby", b"not said")
    assert hers.get(url).status == 200
    erasure.begin(alice, keep_messages)
    while not erasure.is_done(alice.pk):
        erasure.run_next_batch()
    assert [blob.size for blob in Blob.objects.all()] == ([4] if keep_messages else [])
    assert not Attachment.objects.filter(message=None).exists()
