"""Files come in and are sent with messages, by the API, a socket and a page. With a real web process."""

import json
import re
import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from files.incoming import folder
from files.models import Blob
from files.tests.pictures import moving, picture
from rooms.models import Attachment, Message
from rooms.queries import history
from rooms.queries.serializers import message_event
from rooms.services import membership, messages

from .file_calls import FileClient, form
from .live import cookie, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unlimited")]


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


def test_equal_bytes_are_kept_once(hers, his):
    hers.uploaded("lobby", b"same", "a.txt")
    his.uploaded("lobby", b"same", "b.txt")
    assert Blob.objects.count() == 1 and Attachment.objects.count() == 2
    until(lambda: not list(folder().glob("*")))


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


def test_an_excerpt_of_files_alone_names_them(hers):
    sent = hers.sent("lobby", name="report.pdf")
    body = json.dumps({"message": "thanks", "reply_to": sent["id"]})
    reply = hers.call("POST", "/api/rooms/lobby/messages", body, Content_Type="application/json")
    assert reply.json["reply_to"]["excerpt"] == "📎 report.pdf"


def test_one_that_moves_says_so(hers):
    assert hers.uploaded("lobby", moving(), "wave.gif")["animated"] is True


def test_a_bot_is_told_what_was_sent(hers, lobby):
    from bot.context.message_queries import iterate_prompt_messages, readable_messages

    number = hers.sent("lobby", b"x" * 300_000, "report.txt", text="the numbers")["id"]
    taken = hers.uploaded("lobby", picture(), "boat.png", alt="a red boat")
    sent = hers.send("lobby", taken["id"]).json["id"]
    texts = [each.text for each in iterate_prompt_messages(readable_messages(lobby).order_by("id"))]
    first, second = f"#{number}/1", f"#{sent}/1"
    assert texts == [
        f"the numbers\n[file {first}: report.txt, 0.3 MB]",
        f"[image {second}: boat.png, 1 KB, a red boat]",
    ]
