"""Files in a bucket: sent there, read from there, moved there and back, deleted there. With a real server of S3."""

import io
import os
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from files import move, places, sweep
from files.models import Blob
from files.tests.pictures import picture
from rooms.models import Attachment
from rooms.privacy.personal_data_archive import archive
from rooms.services import messages, moderation

from .live import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unlimited")]


def keys(bucket) -> list[str]:
    return sorted(each.key for each in bucket.objects.all())


def linked(answer):
    """What the link in an answer leads to."""
    assert answer.status == 302 and answer.body == b""
    return urlopen(answer.headers["location"], timeout=60)  # noqa: S310 - the server of this test


def test_a_file_goes_there_and_is_read_by_a_link_that_is_soon_over(hers, his, bucket, alice, bob, settings, tmp_path):
    data = picture(400, 300)
    sent = hers.sent("lobby", data, "Bild ü.png")
    [file] = sent["files"]
    assert len(keys(bucket)) == 3 and not list(places.local_path("x").parent.glob("??/??/*"))
    # Another host has the same bucket, and another disk.
    settings.FILES_DIR = tmp_path / "elsewhere"
    storages._storages.pop("files")
    answer = his.get(file["url"])
    read = linked(answer)
    assert read.read() == data and read.headers["Content-Type"] == "image/png"
    assert read.headers["Content-Disposition"] == "inline; filename*=utf-8''Bild%20%C3%BC.png"
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["X-Amz-Expires"] == ["60"] and asked["response-cache-control"] == ["private, no-cache"]
    assert answer.headers["cache-control"] == "private, no-store"
    assert linked(his.get(file["thumb"])).headers["Content-Type"] == "image/webp"
    assert int(his.get(file["thumb"]).headers["cache-control"].partition("max-age=")[2]) < 60
    with ZipFile(io.BytesIO(b"".join(archive(alice)))) as zip:
        assert data in [zip.read(name) for name in zip.namelist()]
    moderation.remove(alice, "lobby", bob.id, ban=True)
    assert his.get(file["url"]).status == his.get(file["thumb"]).status == 404
    messages.delete(alice, "lobby", sent["id"])
    until(lambda: not keys(bucket))


def test_what_is_no_picture_is_saved_whatever_its_name(hers, bucket):
    url = hers.uploaded("lobby", b"<!doctype html><script>alert(1)</script>", "a.png")["url"]
    assert linked(hers.get(url)).headers["Content-Disposition"].startswith("attachment;")


def test_a_large_one_goes_by_parts_and_comes_by_ranges(hers, bucket):
    data = b"0123456789abcdef" * 600_000  # more than one part
    taken = hers.uploaded("lobby", data, "large.bin")
    assert linked(hers.get(taken["url"])).read() == data
    [key] = keys(bucket)
    assert "-2" in bucket.Object(key).e_tag  # of two parts
    hers.uploaded("lobby", data, "again.bin")
    assert keys(bucket) == [key]


def test_while_the_service_is_away_nothing_is_taken(hers, bucket, settings):
    settings.FILES_S3_ENDPOINT = "http://127.0.0.1:9"
    storages._storages.pop("files-s3")
    answer = hers.upload("lobby", b"nowhere")
    assert (answer.status, answer.reason) == (503, "file_store_away")
    assert not Attachment.objects.exists() and not Blob.objects.exists()
    with pytest.raises(CommandError, match="cannot be reached"):
        Blob.objects.create(digest="a" * 64, size=1, store="s3", kept_as="aa/aa/a")
        call_command("files", "check")


def test_what_nothing_names_is_swept_and_what_is_missing_is_found(hers, bucket, capsys):
    hers.uploaded("lobby", b"kept")
    blob = Blob.objects.get()
    lost = places.new_place("b" * 64)
    for name in (lost, f"{lost}.360.webp", "somebody/elses"):
        bucket.put_object(Key=name, Body=b"x")
    assert sweep.sweep_bytes() == 0
    assert sweep.sweep_bytes(min_age=-3600) == 1
    assert keys(bucket) == sorted([blob.place, "somebody/elses"])
    call_command("files", "check", "--compare")
    bucket.put_object(Key=blob.place, Body=b"KEPT")
    assert [problem for _blob, problem in sweep.find_damaged(compare=True)] == ["content"]
    bucket.Object(blob.place).delete()
    assert [problem for _blob, problem in sweep.find_damaged()] == ["missing"]


def test_files_move_there_and_back_while_they_are_read(hers, bucket, settings, monkeypatch, capsys):
    settings.FILES_STORAGE = "local"
    data = picture(400, 300)
    first, second = hers.uploaded("lobby", data, "boat.png"), hers.uploaded("lobby", b"text")
    points = move._point_to

    def end_here(*args):
        points(*args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(move, "_point_to", end_here)
        call_command("files", "move", "--to", "s3")
    assert sorted(Blob.objects.values_list("store", flat=True)) == ["local", "s3"]
    assert linked(hers.get(first["url"])).read() == data and hers.get(second["url"]).body == b"text"
    settings.FILES_STORAGE = "s3"
    call_command("files", "move", "--to", "s3")
    assert "Moved 1 files" in capsys.readouterr().out
    assert linked(hers.get(second["url"])).read() == b"text" and len(keys(bucket)) == 4
    assert sweep.sweep_bytes(min_age=-3600) == 1  # the copy that the interruption left
    assert not list(places.local_path("x").parent.glob("??/??/*"))
    call_command("files", "move", "--to", "local")
    assert hers.get(first["url"]).body == data and hers.get(first["thumb"]).status == 200
    until(lambda: not keys(bucket))


def test_a_damaged_one_stays_where_it_is(hers, bucket, settings):
    settings.FILES_STORAGE = "local"
    hers.uploaded("lobby", b"whole")
    blob = Blob.objects.get()
    places.path_of(blob).write_bytes(b"WHOLE")
    with pytest.raises(CommandError, match="1 files are damaged"):
        call_command("files", "move", "--to", "s3")
    assert Blob.objects.get().store == "local" and keys(bucket) == []


def test_what_is_read_on_this_host_is_copied_from_there(bucket, tmp_path):
    (tmp_path / "source").write_bytes(b"words")
    places.put(tmp_path / "source", places.S3, "ab/cd/file")
    assert (places.s3().access_key, places.s3().secret_key) == ("key", "secret")  # and none of the environment
    copy = places.local_copy(SimpleNamespace(store=places.S3, place="ab/cd/file"), tmp_path)
    assert copy and copy.read_bytes() == b"words"
    assert places.local_copy(SimpleNamespace(store=places.S3, place="ab/cd/gone"), tmp_path) is None


def test_a_name_on_the_disk_survives_a_loss_of_power(bucket, tmp_path, monkeypatch):
    synced = set()
    monkeypatch.setattr(places.os, "fsync", lambda file: synced.add(os.fstat(file).st_ino))
    (tmp_path / "source").write_bytes(b"words")
    places.put(tmp_path / "source", places.LOCAL, "ab/cd/file")
    path = places.local_path("ab/cd/file")
    assert {folder.stat().st_ino for folder in (path.parent, *path.parents[1:3])} <= synced  # each was made for it
