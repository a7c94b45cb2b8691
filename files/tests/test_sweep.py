"""What interruptions leave is found and removed; what is in use stays."""

import asyncio
import os
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from files import places, store, sweep
from files.incoming import HALVES_KEPT, IncomingFile, folder, sweep_halves
from files.models import Blob
from files.places import path_of
from files.previews import make_previews

from .pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)


def come_in(data: bytes) -> IncomingFile:
    file = IncomingFile("a.txt")
    file.write(data)
    file.finish()
    return file


def keep(data: bytes) -> Blob:
    return store.keep(come_in(data), lambda blob: blob)


def set_age(path: Path, seconds: float) -> None:
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


def test_a_row_without_a_reference_goes_with_its_bytes():
    blob = keep(b"nobody's")
    path = path_of(blob)
    assert sweep.sweep()["rows"] == 0  # a reference may just be coming
    assert sweep.sweep(min_age=-1)["rows"] == 1
    assert not path.exists() and not Blob.objects.exists()


def test_bytes_without_a_row_go():
    sweep.sweep_bytes()  # what other tests have left
    blob = keep(b"lost")
    path = path_of(blob)
    Blob.objects.all().delete()
    assert sweep.sweep_bytes() == 0 and path.exists()  # they are young
    os.utime(path, (1, 1))
    assert sweep.sweep_bytes() == 1
    assert not path.exists() and not Blob.objects.exists()


def test_bytes_that_come_again_have_a_place_of_their_own():
    """So that the old ones can be taken away at any time."""
    path = path_of(keep(b"again"))
    Blob.objects.all().delete()
    again = path_of(keep(b"again"))
    os.utime(path, (1, 1))
    os.utime(again, (1, 1))
    assert sweep.sweep_bytes() == 1 and not path.exists() and again.read_bytes() == b"again"


def test_nobody_waits_for_the_disk_while_the_database_is_locked(monkeypatch):
    placed = places.put

    def put(*args, **named):
        assert not connection.in_atomic_block
        placed(*args, **named)

    monkeypatch.setattr(places, "put", put)
    blob = keep(b"outside")
    assert path_of(blob).read_bytes() == b"outside"
    monkeypatch.setattr(places, "remove", lambda *place: removed.append(connection.in_atomic_block))
    removed: list[bool] = []
    assert store.discard_unreferenced([blob.pk]) == 1 and removed == [False]


def test_one_that_goes_while_it_comes_again_is_placed_again():
    first = keep(b"both")
    find = store._find

    def found_and_gone(digest):
        blob = find(digest)
        if blob and blob.pk == first.pk:
            store.discard_unreferenced([first.pk])
        return blob

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_find", found_and_gone)
        again = keep(b"both")
    assert again.pk != first.pk and path_of(again).read_bytes() == b"both" and not path_of(first).exists()


def test_of_two_at_once_one_copy_stays():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_find", lambda digest: None)
        first, second = keep(b"twice"), keep(b"twice")
    assert first == second and path_of(first).read_bytes() == b"twice"
    assert len(list(path_of(first).parent.glob("*"))) == 1


def test_halves_go_after_a_while():
    file = IncomingFile("a.txt")
    file.write(b"half")
    set_age(file.path, HALVES_KEPT - 100)
    assert sweep_halves() == 0
    set_age(file.path, HALVES_KEPT + 100)
    assert sweep_halves() == 1
    assert not list(folder().glob("*"))


def test_a_transaction_that_fails_leaves_bytes_for_the_sweep():
    paths = []

    def fail(blob):
        paths.append(path_of(blob))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.keep(come_in(b"undone"), fail)
    [path] = paths
    assert not Blob.objects.exists() and path.exists()
    assert sweep.sweep(min_age=-1)["bytes"] and not path.exists()


def test_check_finds_what_is_damaged(capsys):
    call_command("files", "check")
    assert "All files are there" in capsys.readouterr().out
    missing, changed = keep(b"missing"), keep(b"changed")
    path_of(missing).unlink()
    path_of(changed).write_bytes(b"CHANGED")
    assert [(blob, problem) for blob, problem in sweep.find_damaged()] == [(missing, "missing")]
    with pytest.raises(CommandError, match="2 files are damaged"):
        call_command("files", "check", "--compare")
    keep(b"missing")  # sent again, it is there again
    assert [blob for blob, _problem in sweep.find_damaged(compare=True)] == [changed]
    sweep.sweep(min_age=-1)


def test_equal_bytes_bring_the_pictures_that_were_missing():
    """It was too busy for them the first time."""
    first = keep(picture(40, 30))
    assert not first.preview
    again = come_in(picture(40, 30))
    asyncio.run(make_previews(again))
    blob = store.keep(again, lambda blob: blob)
    again.discard()
    assert blob.pk == first.pk and blob.preview
    assert places.size_in(blob.store, places.preview_place(blob.place, 360))
