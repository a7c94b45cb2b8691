"""Files of a room: sent, seen, and by whom. With a real web process."""

import io
import json
import re
import uuid
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from files import usage
from files.incoming import folder
from files.models import Blob
from files.store import path_of
from files.tests.pictures import moving, picture, with_place
from rooms.kernel.errors import ChatError
from rooms.models import Attachment, Message
from rooms.privacy import erasure
from rooms.privacy.personal_data_archive import archive
from rooms.queries import history
from rooms.queries.serializers import message_event
from rooms.services import attachments, deletion, membership, messages, moderation

from .file_calls import FileClient, form
from .live import cookie, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unlimited")]


@pytest.fixture
def mona(django_user_model):
    """Somebody who belongs to no room."""
    return django_user_model.objects.create_user("mona", password="correct horse")


@pytest.fixture
def hers(web, lobby, alice):
    return FileClient(web, alice)


@pytest.fixture
def his(web, lobby, bob):
    return FileClient(web, bob)


def test_a_file_is_taken_in_sent_and_read(hers, his):
    data = picture()
    taken = hers.uploaded("lobby", data, "Bild ü.png")
    blur = taken["blur"]
    assert taken == {"id": taken["id"], "name": "Bild ü.png", "type": "image/png", "size": len(data), "width": 40,
                     "height": 30, "url": f"/files/{taken['id']}/Bild%20%C3%BC.png", "blur": blur,
                     "thumb": f"/files/{taken['id']}/previews/360.webp"}  # fmt: skip
    assert len(taken["id"]) >= 22
    sent = hers.send("lobby", taken["id"]).json
    assert sent["files"] == [taken] and sent["message"] == ""
    read = his.get(taken["url"])
    assert (read.status, read.body, read.headers["content-type"]) == (200, data, "image/png")
    [listed] = his.get("/api/rooms/lobby/messages").json["messages"]
    assert listed["files"] == [taken]


def test_until_it_is_sent_a_file_is_its_senders_alone(hers, his):
    taken = hers.uploaded("lobby")
    assert his.get(taken["url"]).status == 404
    assert hers.get(taken["url"]).body == b"hello\n"


def test_who_may_not_read_the_message_does_not_find_its_file(web, hers, his, bob, lobby, alice, mona):
    url = hers.sent("lobby")["files"][0]["url"]
    assert his.get(url).status == 200
    moderation.remove(alice, "lobby", bob.id, ban=True)
    assert his.get(url).status == 404
    assert FileClient(web, mona).get(url).status == 200  # the room is public
    lobby.kind = "private"
    lobby.save()
    assert FileClient(web, mona).get(url).status == 404
    assert FileClient(web, None).get(url).status == 302


def test_nobody_guesses_or_tries_another_name(hers):
    taken = hers.uploaded("lobby")
    assert hers.get(f"/files/{taken['id'][:-1]}/notes.txt").status == 404
    assert hers.get(f"/files/{'A' * 22}/notes.txt").status == 404


def test_a_deleted_message_takes_its_file_along(hers, his, alice):
    first, second = hers.sent("lobby"), hers.sent("lobby", name="again.txt")
    [blob] = Blob.objects.all()
    url = first["files"][0]["url"]
    messages.delete(alice, "lobby", first["id"])
    assert hers.get(url).status == his.get(url).status == 404
    assert path_of(blob.digest).exists()  # the other message has the same bytes
    messages.delete(alice, "lobby", second["id"])
    assert not path_of(blob.digest).exists()
    assert not Blob.objects.exists() and not Attachment.objects.exists()
    assert [message.files for message in Message.objects.all()] == [None, None]


def test_equal_bytes_are_kept_once(hers, his):
    hers.uploaded("lobby", b"same", "a.txt")
    his.uploaded("lobby", b"same", "b.txt")
    assert Blob.objects.count() == 1 and Attachment.objects.count() == 2
    assert not list(folder().glob("*"))


def test_only_ones_own_files_of_this_room_can_be_sent_and_once(hers, his, alice):
    taken = hers.uploaded("lobby")
    assert his.send("lobby", taken["id"]).reason == "no_such_file"
    membership.create_room(alice, "Elsewhere")
    assert hers.send("elsewhere", taken["id"]).reason == "no_such_file"
    assert hers.send("lobby", "nothing").reason == "no_such_file"
    assert hers.send("lobby", taken["id"], taken["id"]).reason == "file_sent_already"
    assert hers.send("lobby", taken["id"]).status == 201
    assert hers.send("lobby", taken["id"]).reason == "file_sent_already"
    assert hers.send("lobby", *["x"] * 11).reason == "too_many_files"
    assert Message.objects.count() == 1


def test_files_come_in_their_order_and_with_a_text(hers):
    ids = [hers.uploaded("lobby", name=f"{number}.txt")["id"] for number in range(10)]
    sent = hers.send("lobby", *reversed(ids), text="ten of them").json
    assert [each["id"] for each in sent["files"]] == ids[::-1]
    assert sent["message"] == "ten of them"
    assert [each.key for each in Attachment.objects.order_by("position")] == ids[::-1]


def test_an_empty_message_needs_a_file(hers):
    assert hers.send("lobby").reason == "message_empty"
    assert hers.send("lobby", text="  ").reason == "message_empty"


def test_in_plain_mode_a_file_is_a_line(web, hers, lobby, bob, settings):
    with web.open(bob, "lobby", subprotocol=None) as reader:
        reader.wait("system")
        url = hers.sent("lobby", text="look")["files"][0]["url"]
        said = reader.wait("message")
    assert said["message"] == f"look\nnotes.txt: {settings.SITE_URL}{url}"


def test_over_a_socket(web, hers, lobby, alice, bob):
    taken = hers.uploaded("lobby", picture(), "shot.png")
    with web.open(bob, "lobby") as reader, web.open(alice, "lobby") as writer:
        assert writer.wait("welcome")["limits"]["file"] == settings.MAX_UPLOAD_MB * 2**20
        id = writer.send("send", message="", files=[taken["id"]])
        writer.wait("ack", id=id)
        assert reader.wait("message")["files"] == [taken]
        assert writer.send("send", message="again", files=[taken["id"]])
        assert writer.wait("error")["reason"] == "file_sent_already"
        # The same id again is the same message, and no error.
        writer.send("send", id=id, message="", files=[taken["id"]])
        writer.wait("ack", id=id)


def test_who_has_no_right_sends_nothing(web, hers, lobby, mona, alice):
    room = membership.create_room(alice, "Closed", "private")
    assert FileClient(web, None).upload("lobby").status == 401
    assert FileClient(web, mona).upload(room.name).status == 404
    assert FileClient(web, alice, scope="read").upload("lobby").status == 403
    lobby.archived = True
    lobby.save()
    assert hers.upload("lobby").reason == "room_archived"
    assert not Attachment.objects.exists() and not Blob.objects.exists()
    until(lambda: not list(folder().glob("*")))


def test_of_a_stranger_nothing_is_written(web, lobby, monkeypatch):
    """Not even for a moment."""
    monkeypatch.setattr("files.receiving.IncomingFile", None)
    body, type = form([("file", "a.txt", b"x" * 3_000_000)])
    answer = FileClient(web, None).call("POST", "/api/rooms/lobby/files", body, Content_Type=type)
    assert answer.status == 401


def test_a_file_has_a_size(web, hers, settings):
    settings.MAX_UPLOAD_MB = 1
    assert hers.upload("lobby", b"x" * 2**20).status == 201
    answer = hers.upload("lobby", b"x" * (2**20 + 1))
    assert (answer.status, answer.reason, answer.json["params"]) == (413, "file_too_large", {"limit": 1})
    assert hers.upload("lobby", b"x" * 2**21).status == 413  # by its Content-Length
    assert not list(folder().glob("*"))


@pytest.mark.parametrize(
    ("body", "type", "reason"),
    [
        (b"", "multipart/form-data; boundary=x", "form_unreadable"),
        (b"--x\r\n", "multipart/form-data; boundary=x", "form_unreadable"),
        (b"--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\ncut o",
         "multipart/form-data; boundary=x", "form_unreadable"),
        (b"nothing", "multipart/form-data", "form_unreadable"),
        (b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\nno file\r\n--x--\r\n",
         "multipart/form-data; boundary=x", "file_missing"),
        (b"--x--\r\n", "multipart/form-data; boundary=x", "file_missing"),
        (b"{}", "application/json", "file_missing"),
    ],
)  # fmt: skip
def test_what_is_no_form_with_a_file_is_refused(hers, body, type, reason):
    answer = hers.call("POST", "/api/rooms/lobby/files", body, Content_Type=type)
    assert (answer.status, answer.reason) == (400, reason)
    assert not list(folder().glob("*"))


def test_one_file_a_call(hers):
    body, type = form([("file", "a.txt", b"a"), ("file", "b.txt", b"b")])
    assert hers.call("POST", "/api/rooms/lobby/files", body, Content_Type=type).reason == "too_many_files"


def test_parts_of_a_file(hers):
    data = bytes(range(256)) * 4000
    url = hers.uploaded("lobby", data)["url"]
    whole = hers.get(url)
    assert whole.headers["accept-ranges"] == "bytes" and whole.headers["content-length"] == str(len(data))
    part = hers.get(url, Range="bytes=500000-700000")
    assert (part.status, part.body) == (206, data[500000:700001])
    assert part.headers["content-range"] == f"bytes 500000-700000/{len(data)}"
    assert hers.get(url, Range="bytes=-5").body == data[-5:]
    assert hers.get(url, Range=f"bytes={len(data)}-").status == 416
    etag = whole.headers["etag"]
    assert hers.get(url, Range="bytes=0-1", If_Range=etag).status == 206
    assert hers.get(url, Range="bytes=0-1", If_Range='"other"').body == data
    assert hers.get(url, If_None_Match=etag).status == 304
    head = hers.call("HEAD", url)
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(data)))


@pytest.mark.parametrize(
    ("data", "name", "disposition"),
    [
        (b"<!doctype html><script>alert(1)</script>", "page.html", "attachment"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "logo.svg", "attachment"),
        (b"%PDF-1.7\n", "paper.pdf", "attachment"),
        (b"<script>", "picture.png", "attachment"),
        (picture(), "evil.html", "inline"),
        (picture(kind="WEBP"), "a.webp", "inline"),
    ],
)
def test_nothing_runs(hers, data, name, disposition):
    answer = hers.get(hers.uploaded("lobby", data, name)["url"])
    assert answer.headers["content-disposition"].partition(";")[0] == disposition
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["cache-control"].startswith("private")
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "set-cookie" not in answer.headers


def test_without_script_the_form_sends_files(web, lobby, alice):
    path, session = "/chat/lobby/", {"Cookie": cookie(alice)}
    nobody = FileClient(web, None)
    page = nobody.get(path, **session)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.body.decode())[1]
    session["Cookie"] += "; " + page.headers["set-cookie"].partition(";")[0]
    fields = [("csrfmiddlewaretoken", token), ("id", str(uuid.uuid4())), ("message", "Grüße")]
    body, type = form([("file", "a.txt", b"one"), ("file", "ä.txt", b"two")], fields)
    answer = nobody.call("POST", path, body, Content_Type=type, **session)
    assert answer.status == 302
    message = Message.objects.get()
    assert message.text == "Grüße" and [each["name"] for each in message.files] == ["a.txt", "ä.txt"]
    assert ">a.txt</span>" in nobody.get(path, **session).body.decode()
    # An empty field of files is none.
    body, type = form([("file", "", b"")], [*fields[:1], ("id", str(uuid.uuid4())), ("message", "hi")])
    assert nobody.call("POST", path, body, Content_Type=type, **session).status == 302
    assert Message.objects.latest("pk").files is None


def test_without_script_a_file_that_is_too_large_costs_no_text(web, lobby, alice, settings):
    settings.MAX_UPLOAD_MB = 1
    path, session = "/chat/lobby/", {"Cookie": cookie(alice)}
    nobody = FileClient(web, None)
    page = nobody.get(path, **session)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.body.decode())[1]
    session["Cookie"] += "; " + page.headers["set-cookie"].partition(";")[0]
    files = [("file", "a.bin", b"x" * 2_000_000)]
    body, type = form(files, [("csrfmiddlewaretoken", token), ("id", str(uuid.uuid4())), ("message", "my words")])
    answer = nobody.call("POST", path, body, Content_Type=type, **session)
    assert answer.status == 413
    assert "The file is too large; the limit is 1 MB." in answer.body.decode() and "my words" in answer.body.decode()
    assert not Message.objects.exists() and not list(folder().glob("*"))


def test_messages_ask_no_query_for_their_files(hers, lobby, alice):
    """Neither those that have none, when they are posted, nor those that have some, when they are read."""
    hers.sent("lobby")
    with CaptureQueriesContext(connection) as asked:
        messages.post(alice, "lobby", "hello")
        read = [message_event(message) for message in history.page(lobby).messages]
    assert [len(each.get("files", ())) for each in read] == [1, 0]
    assert not [each["sql"] for each in asked if "rooms_attachment" in each["sql"] or "files_blob" in each["sql"]]


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


def test_an_excerpt_of_files_alone_names_them(hers):
    sent = hers.sent("lobby", name="report.pdf")
    body = json.dumps({"message": "thanks", "reply_to": sent["id"]})
    reply = hers.call("POST", "/api/rooms/lobby/messages", body, Content_Type="application/json")
    assert reply.json["reply_to"]["excerpt"] == "📎 report.pdf"


def test_small_pictures_are_for_who_may_see_the_large_one(hers, his, alice):
    taken = hers.uploaded("lobby", with_place(3000, 1500), "holiday.jpg")
    assert (taken["width"], taken["height"]) == (1500, 3000) and "animated" not in taken
    assert his.get(taken["thumb"]).status == his.get(taken["preview"]).status == 404
    sent = hers.send("lobby", taken["id"]).json
    small = his.get(taken["thumb"])
    assert (small.status, small.headers["content-type"]) == (200, "image/webp") and b"SecretCamera" not in small.body
    assert small.headers["cache-control"] == "private, max-age=3600"
    assert len(his.get(taken["preview"]).body) > len(small.body)
    assert his.get(taken["thumb"].replace("360", "361")).status == 404
    place = path_of(Blob.objects.get().digest)
    assert len(list(place.parent.glob(f"{place.name}*"))) == 3
    messages.delete(alice, "lobby", sent["id"])
    assert his.get(taken["thumb"]).status == 404
    assert not list(place.parent.glob(f"{place.name}*"))


def test_one_that_moves_says_so(hers):
    assert hers.uploaded("lobby", moving(), "wave.gif")["animated"] is True


def test_a_proxy_can_send_the_bytes(hers, settings):
    taken = hers.uploaded("lobby", b"data", "a.txt")
    settings.FILES_SENDFILE = "/stored/"
    digest = Blob.objects.get().digest
    answer = hers.get(taken["url"])
    assert answer.headers["x-accel-redirect"] == f"/stored/{digest[:2]}/{digest[2:4]}/{digest}" and answer.body == b""
    settings.FILES_SENDFILE = "X-Sendfile"
    assert hers.get(taken["url"]).headers["x-sendfile"] == str(path_of(digest))
    assert hers.get(taken["url"].replace(taken["id"], "A" * 22)).status == 404


def test_the_files_of_a_room_are_listed(hers, his, alice):
    for number in range(11):
        hers.sent("lobby", picture(color=number), f"{number}.png")
    several = [hers.uploaded("lobby", b"%d" % number, f"{number}.txt")["id"] for number in range(3)]
    hers.send("lobby", *several)
    his.uploaded("lobby", b"not sent")
    gone = his.sent("lobby", b"gone")
    messages.delete(alice, "lobby", gone["id"])
    first = his.get("/api/rooms/lobby/files?limit=10").json
    names = [each["file"]["name"] for each in first["files"]]
    assert names == ["0.txt", "1.txt", "2.txt", *(f"{number}.png" for number in range(10, 3, -1))] and first["more"]
    assert first["files"][0]["by"]["name"] == "alice"
    last = his.get(f"/api/rooms/lobby/files?limit=10&before={first['files'][-1]['message_id']}").json
    assert [each["file"]["name"] for each in last["files"]] == ["3.png", "2.png", "1.png", "0.png"] and not last["more"]
    of_kind = {
        kind: len(his.get(f"/api/rooms/lobby/files?kind={kind}").json["files"])
        for kind in ("image", "audio", "document")
    }
    assert of_kind == {"image": 11, "audio": 0, "document": 3}
    assert his.get("/api/rooms/lobby/files?kind=others").reason == "unknown_file_kind"


def test_a_page_of_files_has_whole_messages(hers):
    for name in "ab":
        hers.send("lobby", *[hers.uploaded("lobby", f"{name}{number}".encode(), name)["id"] for number in range(6)])
    page = hers.get("/api/rooms/lobby/files?limit=10").json
    assert [each["file"]["name"] for each in page["files"]] == ["b"] * 6 and page["more"]


def test_a_bot_is_told_what_was_sent(hers, lobby):
    from bot.context.message_queries import iterate_prompt_messages, readable_messages

    hers.sent("lobby", b"x" * 300_000, "report.txt", text="the numbers")
    taken = hers.uploaded("lobby", picture(), "boat.png", alt="a red boat")
    hers.send("lobby", taken["id"])
    texts = [each.text for each in iterate_prompt_messages(readable_messages(lobby).order_by("id"))]
    assert texts == ["the numbers\n[file: report.txt, 0.3 MB]", "[image: boat.png, 1 KB, a red boat]"]
