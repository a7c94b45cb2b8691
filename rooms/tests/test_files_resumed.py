"""Files that come in by several requests, as the tus protocol has it. With a real web process."""

import base64
import fcntl
import hashlib
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import OperationalError
from django.utils import timezone

from files import partial
from files.incoming import folder
from files.tests.pictures import picture
from rooms.models import Attachment, PartialUpload
from rooms.services import file_quotas, file_upkeep, resumable, uploads

from .file_calls import FileClient
from .live import cookie, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unlimited")]


def begin(client, size: int, room="lobby", name="Bild ü.png", alt="a boat"):
    about = ",".join(
        f"{key} {base64.b64encode(text.encode()).decode()}" for key, text in (("filename", name), ("alt", alt))
    )
    return client.call("POST", f"/api/rooms/{room}/uploads", Upload_Length=str(size), Upload_Metadata=about,
                       Tus_Resumable="1.0.0")  # fmt: skip


def patch(client, address: str, offset: int, data: bytes):
    return client.call(
        "PATCH", address, data, Upload_Offset=str(offset), Content_Type="application/offset+octet-stream"
    )


def head(client, address: str) -> tuple[int, str, str]:
    answer = client.call("HEAD", address)
    return answer.status, answer.headers.get("upload-offset", ""), answer.headers.get("upload-file", "")


def path_of(address: str):
    return partial.path_of(PartialUpload.objects.get(key=address.rpartition("/")[2]).part)


def test_a_picture_comes_in_by_pieces_and_is_as_any_other(hers, his):
    data = picture(400, 300)
    begun = begin(hers, len(data))
    address = begun.headers["location"]
    assert (begun.status, begun.headers["upload-offset"], begun.headers["tus-resumable"]) == (201, "0", "1.0.0")
    assert "upload-expires" in begun.headers
    first = patch(hers, address, 0, data[:500])
    assert (first.status, first.body, first.headers["upload-offset"]) == (204, b"", "500")
    assert head(hers, address) == (200, "500", "")
    assert patch(hers, address, 400, data[400:]).reason == "upload_offset_differs"
    last = patch(hers, address, 500, data[500:])
    id = last.headers["upload-file"]
    assert (last.status, head(hers, address)) == (204, (200, str(len(data)), id))
    assert hers.call("GET", address).json == {"offset": len(data), "size": len(data), "file": id}
    assert patch(hers, address, len(data), b"").headers["upload-file"] == id  # who did not hear of it
    [file] = hers.send("lobby", id).json["files"]
    assert (file["name"], file["alt"], file["width"]) == ("Bild ü.png", "a boat", 400) and file["thumb"]
    assert his.get(file["url"]).body == data
    assert not path_of(address).exists() and not list(folder().glob(f"{path_of(address).stem}*"))


def test_what_arrived_before_the_line_broke_counts(hers, web):
    data = hashlib.sha256(b"seed").digest() * 20_000
    address = begin(hers, len(data), name="a.bin").headers["location"]
    with socket.create_connection(("127.0.0.1", web.port)) as line:
        sent = hers._headers | {"Host": "localhost", "Upload-Offset": "0", "Content-Length": str(len(data))}
        sent |= {"Content-Type": "application/offset+octet-stream"}
        lines = [f"PATCH {address} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
        line.sendall("\r\n".join([*lines, "", ""]).encode() + data[:300_000])
        until(lambda: path_of(address).stat().st_size > 0)
    until(lambda: path_of(address).stat().st_size == 300_000)
    until(lambda: _is_free(path_of(address)))
    assert head(hers, address) == (200, "300000", "")
    id = patch(hers, address, 300_000, data[300_000:]).headers["upload-file"]
    assert Attachment.objects.get(key=id).blob.digest == hashlib.sha256(data).hexdigest()


def _is_free(path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_it_is_its_senders_alone_for_a_day_and_in_rooms_they_may_enter(hers, his, lobby):
    address = begin(hers, 10).headers["location"]
    for answer in (his.call("GET", address), patch(his, address, 0, b"x"), his.call("DELETE", address)):
        assert (answer.status, answer.reason) == (404, "no_such_upload")
    assert begin(his, 10, room="nowhere").status == 404
    lobby.archived = True
    lobby.save()
    assert patch(hers, address, 0, b"x").reason == "no_such_upload" and path_of(address).stat().st_size == 0
    lobby.archived = False
    lobby.save()
    PartialUpload.objects.update(created=timezone.now() - timedelta(hours=25))
    assert hers.call("GET", address).reason == "no_such_upload"
    part = path_of(address)
    file_upkeep.discard_old()
    assert not PartialUpload.objects.exists() and not part.exists()


def test_its_space_is_taken_when_it_begins_and_given_back(hers, alice, lobby, settings):
    settings.FILES_QUOTA_PERSON_MB = 1
    address = begin(hers, 700_000).headers["location"]
    assert begin(hers, 700_000).reason == "person_has_no_space"
    assert file_quotas.space_left(alice.id, lobby.id).bytes == 2**20 - 700_000
    part = path_of(address)
    assert hers.call("DELETE", address).status == 204 and not part.exists()
    assert file_quotas.space_left(alice.id, lobby.id).bytes == 2**20
    assert hers.call("DELETE", address).status == 404


def test_what_two_begin_at_once_is_counted_together(hers, settings, monkeypatch):
    settings.FILES_QUOTA_PERSON_MB = 1
    create, both = partial.create, Barrier(2)

    def create_together(part):
        both.wait(60)  # both were told that there is space
        create(part)

    monkeypatch.setattr(partial, "create", create_together)
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda _: begin(hers, 700_000), range(2)))
    assert sorted(answer.status for answer in answers) == [201, 413]
    [kept] = PartialUpload.objects.all()
    assert list(folder().glob("*")) == [partial.path_of(kept.part)]
    monkeypatch.setattr(partial, "create", create)
    monkeypatch.setattr(file_quotas, "check", lambda *_args: None)  # as for forms that come in at once
    digest = hashlib.sha256(data := b"y" * 600_000).hexdigest()
    assert hers.upload("lobby", data).reason == "person_has_no_space"
    assert not list(folder().parent.glob(f"*/*/{digest}*"))
    resumable.give_up(kept)


def test_nothing_is_lost_when_its_last_answer_is(hers, monkeypatch):
    """Its bytes stay where the next request finds them until the row is certain, and it is there once."""
    address = begin(hers, 10, name="a.txt").headers["location"]
    refer = uploads._refer

    def fail(*_args):
        monkeypatch.setattr(uploads, "_refer", refer)
        raise OperationalError

    monkeypatch.setattr(uploads, "_refer", fail)
    assert patch(hers, address, 0, b"0123456789").status >= 500
    assert head(hers, address) == (200, "10", "")
    id = patch(hers, address, 10, b"").headers["upload-file"]
    assert patch(hers, address, 10, b"").headers["upload-file"] == id == Attachment.objects.get().key
    assert hers.get(hers.send("lobby", id).json["files"][0]["url"]).body == b"0123456789"
    assert not list(folder().glob("*"))


def test_what_another_site_has_a_browser_send_leaves_nothing_behind(web, alice, hers, lobby):
    browser, csrf = FileClient(web, None), "x" * 32
    browser._headers = {"Cookie": f"{cookie(alice)}; csrftoken={csrf}"}
    address = begin(hers, 6).headers["location"]
    assert patch(browser, address, 0, b"abc").reason == "page_outdated"
    assert head(hers, address) == (200, "0", "")
    browser._headers["X-CSRFToken"] = csrf
    assert patch(browser, address, 0, b"abc").status == 204
    browser._headers["Origin"] = "https://evil.example"
    assert patch(browser, address, 3, b"def").reason == "page_outdated"
    assert head(hers, address) == (200, "3", "")
    assert hers.call("DELETE", address).status == 204


def test_more_than_was_said_and_what_is_no_size_are_refused(hers, settings, monkeypatch):
    for size in ("", "-1", "ten", "0"):
        answer = hers.call("POST", "/api/rooms/lobby/uploads", Upload_Length=size)
        assert answer.reason == "upload_length_wrong"
    assert begin(hers, settings.MAX_UPLOAD_MB * 2**20 + 1).reason == "file_too_large"
    unreadable = hers.call("POST", "/api/rooms/lobby/uploads", Upload_Length="1", Upload_Metadata="filename ä")
    assert unreadable.reason == "upload_metadata_unreadable"
    address = begin(hers, 10).headers["location"]
    assert patch(hers, address, 0, b"x" * 11).reason == "upload_longer_than_said"
    assert hers.call("PATCH", address, b"{}", Content_Type="application/json").status == 204  # brings nothing
    monkeypatch.setattr(resumable, "MAX_OPEN", 1)
    assert begin(hers, 10).reason == "too_many_uploads"
    hers.call("DELETE", address)


def test_one_request_at_a_time_and_only_where_the_bytes_are(hers):
    address = begin(hers, 10).headers["location"]
    with path_of(address).open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        busy = patch(hers, address, 0, b"12345")
        assert (busy.status, busy.reason, busy.headers["retry-after"]) == (409, "upload_busy", "1")
    path_of(address).unlink()  # as on another host
    assert hers.call("GET", address).reason == "upload_elsewhere"
    assert patch(hers, address, 0, b"12345").reason == "upload_elsewhere"


def test_a_program_learns_what_the_server_can(hers):
    answer = hers.call("OPTIONS", "/api/rooms/lobby/uploads")
    assert (answer.status, answer.headers["tus-extension"]) == (204, "creation,termination,expiration")
