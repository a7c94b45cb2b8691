"""Files of a room: sent, seen, and by whom. With a real web process."""

import io
import re
import uuid

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from files.incoming import folder
from files.models import Blob
from files.store import path_of
from rooms.models import Attachment, Message
from rooms.services import membership, messages, moderation

from .file_calls import FileClient, form
from .live import cookie, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unlimited")]


def picture(width=40, height=30, kind="PNG", **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind, **options)
    return out.getvalue()


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
    assert taken == {"id": taken["id"], "name": "Bild ü.png", "type": "image/png", "size": len(data), "width": 40,
                     "height": 30, "url": f"/files/{taken['id']}/Bild%20%C3%BC.png"}  # fmt: skip
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
    assert "a.txt</a>" in nobody.get(path, **session).body.decode()
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


def test_a_message_without_files_asks_no_further_query(lobby, alice, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        messages.post(alice, "lobby", "hello")
        Client().get("/api/rooms/lobby/messages")
    assert not [each["sql"] for each in asked if "rooms_attachment" in each["sql"] or "files_blob" in each["sql"]]
