"""A backup is made while others work: one at a time, no half of one, and nothing is taken away meanwhile."""

import contextlib
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from backups import checking, extracting, lease, making, tables, target
from backups.archive import Writer
from backups.errors import Broken, Busy, Refused
from backups.models import Backup
from files import places, sweep
from files.models import Blob

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = b"some bytes" * 30_000  # more than a pipe holds


@pytest.fixture
def here(make_installation):
    """The database of this test, and a folder of its own."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{given['NAME']}"
    else:
        where = f"{quote(given['HOST'] or 'localhost', safe='')}:{given['PORT'] or 5432}"
        url = f"postgres://{quote(given['USER'])}:{quote(given['PASSWORD'])}@{where}/{given['NAME']}"
    place = make_installation("here", url)
    place.folder.mkdir()
    return place


@pytest.fixture
def stored(here, settings):
    """A file that somebody has sent."""
    settings.FILES_DIR = here.folder / "files"
    storages._storages.pop("files", None)
    digest = hashlib.sha256(CONTENT).hexdigest()
    blob = Blob.objects.create(digest=digest, size=len(CONTENT), type="text/plain", kept_as=places.new_place(digest))
    places.local_path(blob.place).parent.mkdir(parents=True)
    places.local_path(blob.place).write_bytes(CONTENT)
    yield blob
    storages._storages.pop("files", None)


def test_it_is_for_its_owner_alone_and_takes_the_place_of_nothing(here, tmp_path):
    file = tmp_path / "a.tar"
    assert "rows and 0 files" in here.manage("backup", file)
    assert file.stat().st_mode & 0o777 == 0o600
    row = Backup.objects.get()
    assert (row.file, row.size, row.error, row.regular) == ("a.tar", file.stat().st_size, "", False)
    assert row.finished and row.rows > 100 and not lease.is_running()
    before = file.read_bytes()
    again = here.try_to("backup", file)
    assert (again.returncode, again.stdout) == (1, "")
    assert f"{file} is there already." in again.stderr
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.tar"]


def test_a_full_disk_is_said_in_a_sentence(here):
    done = here.try_to("backup", "/dev/full")
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: The backup was not made: [Errno 28] No space left on device")
    assert "No space left" in Backup.objects.get().error
    assert not lease.is_running()


def test_whatever_goes_wrong_leaves_no_half(tmp_path):
    for error in (OSError("the disk"), KeyboardInterrupt(), SystemExit(1)):
        with (
            contextlib.suppress(OSError, KeyboardInterrupt, SystemExit),
            target.opened(str(tmp_path / "a.tar")) as file,
        ):
            file.write(b"half")
            assert [path.name for path in tmp_path.iterdir()] == [f".a.tar.{os.getpid()}.part"]
            raise error
        assert list(tmp_path.iterdir()) == []


def test_one_at_a_time(here, tmp_path):
    with lease.held(regular=False, file="a.tar"):
        assert lease.is_running()
        with pytest.raises(Busy), lease.held(regular=False, file="b.tar"):
            pass
        done = here.try_to("backup", tmp_path / "b.tar")
        assert (done.returncode, (tmp_path / "b.tar").exists()) == (1, False)
        assert "Another backup is being made" in done.stderr
    here.manage("backup", tmp_path / "b.tar")


def test_one_that_was_killed_ends_with_its_lease(here, stored, tmp_path):
    """Stopped where its reader has stopped, in the middle of a file."""
    command = [sys.executable, "manage.py", "backup", "-"]
    with subprocess.Popen(
        command, cwd=django_settings.BASE_DIR, env=here.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout.read(512).startswith(b"backup.json\0")
        assert lease.is_running()
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert "Another backup is being made" in here.try_to("backup", tmp_path / "a.tar").stderr
    Backup.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert not lease.is_running()
    here.manage("backup", tmp_path / "a.tar")
    assert list(Backup.objects.order_by("pk").values_list("error", flat=True)) == [lease.INTERRUPTED, ""]


def test_nothing_is_taken_away_meanwhile(stored):
    path = places.local_path(stored.place)
    os.utime(path, (0, 0))
    with lease.held(regular=False, file=""):
        stored.delete()
        places.remove(stored.store, stored.place)
        assert sweep.sweep_bytes() == 0
        assert path.read_bytes() == CONTENT
    assert sweep.sweep_bytes() == 1
    assert not path.exists()


def archive(head: dict, *members: tuple[str, bytes], **end) -> io.BytesIO:
    out = io.BytesIO()
    writer = Writer(out)
    writer.add("backup.json", json.dumps(head).encode())
    for name, data in members:
        writer.add(name, data)
    writer.end({"rows": 0} | end)
    return out


@pytest.fixture
def head() -> dict:
    migrations = tables.applied()
    columns = {name: tables.columns(model) for name, model in tables.of_state(migrations).items()}
    return {"format": making.FORMAT, "migrations": migrations, "tables": columns, "sequences": {}, "files": False}


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({}, None, ""),
        ({"format": 2}, Refused, "has the format 2"),
        ({"migrations": [["rooms", "9999_later"]]}, Refused, "of a newer version, which has rooms.9999_later"),
        ({"migrations": [["rooms", "../x"]]}, Broken, "cannot be read"),
        ({"migrations": 7}, Broken, "cannot be read"),
        ({"sequences": {"rooms_room": "1; DROP"}}, Broken, "cannot be read"),
        ({"tables": {}}, Refused, "does not fit this version: its table account_emailaddress is another"),
    ],
)
def test_an_archive_that_does_not_fit_is_refused(tmp_path, head, change, error, sentence):
    (tmp_path / "a.tar").write_bytes(archive(head | change).getvalue())
    with pytest.raises(error, match=sentence) if error else contextlib.nullcontext():
        checking.check(tmp_path / "a.tar")


def test_rows_are_counted_and_of_tables_that_there_are(tmp_path, head):
    import gzip

    member = "rows/rooms_room/000001.jsonl.gz", gzip.compress(b"[1]\n")
    (tmp_path / "a.tar").write_bytes(archive(head, member).getvalue())
    with pytest.raises(Broken, match="rows are missing"):
        checking.check(tmp_path / "a.tar")
    (tmp_path / "a.tar").write_bytes(archive(head, ("rows/pg_authid/000001.jsonl.gz", member[1]), rows=1).getvalue())
    with pytest.raises(Broken, match="of a table that the archive does not name"):
        checking.check(tmp_path / "a.tar")


def test_files_that_do_not_fit_on_the_disk_are_not_begun(tmp_path, settings, monkeypatch):
    settings.FILES_DIR = tmp_path / "files"
    monkeypatch.setattr(extracting.shutil, "disk_usage", lambda _path: SimpleNamespace(free=10 * 2**30))
    extracting.Extracting().begin(9 * 2**30)
    with pytest.raises(Refused, match="has 10,240 MB left; 10,240 are needed"):
        extracting.Extracting().begin(10 * 2**30)


def test_a_pipe_is_not_restored(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = os.open(tmp_path / "pipe", os.O_RDWR)
    try:
        with pytest.raises(Refused, match="must be a file"):
            checking.check(tmp_path / "pipe")
    finally:
        os.close(writer)
