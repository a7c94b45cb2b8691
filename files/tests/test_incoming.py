"""A file while it comes in: what is on the disk, and when."""

import hashlib
import os

import pytest

from files import incoming
from files.incoming import SYNC_EVERY, IncomingFile


@pytest.fixture
def synced(monkeypatch):
    """How many bytes of which file each call has brought to the disk."""
    calls = []

    def sync(file: int) -> None:
        calls.append((os.fstat(file).st_ino, os.fstat(file).st_size))

    monkeypatch.setattr(incoming.os, "fdatasync", sync)
    monkeypatch.setattr(incoming.os, "fsync", sync)
    return calls


@pytest.fixture
def file():
    coming = IncomingFile("notes.txt")
    yield coming
    coming.discard()


def test_what_is_finished_is_on_the_disk_whole(file, synced):
    file.write(b"Friday at noon")
    assert synced == []
    file.finish()
    assert synced == [(file.path.stat().st_ino, 14)]
    assert (file.size, file.digest) == (14, hashlib.sha256(b"Friday at noon").hexdigest())


def test_a_large_file_is_brought_to_the_disk_bit_by_bit(file, synced):
    piece = bytes(SYNC_EVERY // 4)
    for _ in range(9):
        file.write(piece)
    assert [size for _inode, size in synced] == [SYNC_EVERY, 2 * SYNC_EVERY]


def test_what_came_by_several_requests_is_read_and_finished_as_any_other(synced, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    incoming.folder().mkdir(parents=True)
    part = incoming.folder() / "a.part"
    part.write_bytes(b"x" * (incoming.READ_AT_ONCE + 1))
    whole = IncomingFile("notes.txt", part)
    whole.read_whole()
    assert (whole.size, synced) == (incoming.READ_AT_ONCE + 1, [(part.stat().st_ino, incoming.READ_AT_ONCE + 1)])
    assert whole.digest == hashlib.sha256(part.read_bytes()).hexdigest()
    whole.discard()
    assert not part.exists()
