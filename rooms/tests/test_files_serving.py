"""Who gets a file, and how: rights, ranges, headers, small pictures, lists. With a real web process."""

import pytest

from files.incoming import folder
from files.models import Blob
from files.places import path_of
from files.tests.pictures import picture, with_place
from rooms.models import Attachment
from rooms.services import membership, messages, moderation

from .file_calls import FileClient, form
from .live import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unlimited")]


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
    place = path_of(Blob.objects.get())
    assert len(list(place.parent.glob(f"{place.name}*"))) == 3
    messages.delete(alice, "lobby", sent["id"])
    assert his.get(taken["thumb"]).status == 404
    assert not list(place.parent.glob(f"{place.name}*"))


def test_a_proxy_can_send_the_bytes(hers, settings):
    taken = hers.uploaded("lobby", b"data", "a.txt")
    settings.FILES_SENDFILE = "/stored/"
    blob = Blob.objects.get()
    answer = hers.get(taken["url"])
    assert answer.headers["x-accel-redirect"] == f"/stored/{blob.place}" and answer.body == b""
    settings.FILES_SENDFILE = "X-Sendfile"
    assert hers.get(taken["url"]).headers["x-sendfile"] == str(path_of(blob))
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
