"""What interruptions leave is found and removed; what is in use stays."""

import os

import pytest
from django.core.management import CommandError, call_command

from files import store, sweep
from files.incoming import IncomingFile, folder, sweep_halves
from files.models import Blob

pytestmark = pytest.mark.django_db(transaction=True)


def come_in(data: bytes) -> IncomingFile:
    file = IncomingFile("a.txt")
    file.write(data)
    file.finish()
    return file


def keep(data: bytes) -> Blob:
    from django.db import transaction

    with transaction.atomic():
        return store.keep(come_in(data))


def test_a_row_without_a_reference_goes_with_its_bytes():
    blob = keep(b"nobody's")
    assert sweep.sweep()["rows"] == 0  # a reference may just be coming
    assert sweep.sweep(min_age=-1)["rows"] == 1
    assert not store.path_of(blob.digest).exists() and not Blob.objects.exists()


def test_bytes_without_a_row_go():
    blob = keep(b"lost")
    path = store.path_of(blob.digest)
    Blob.objects.all().delete()
    assert sweep.sweep_bytes() == 0 and path.exists()  # they are young
    os.utime(path, (1, 1))
    assert sweep.sweep_bytes() == 1
    assert not path.exists() and not Blob.objects.exists()


def test_bytes_that_come_again_are_young_again():
    blob = keep(b"again")
    path = store.path_of(blob.digest)
    Blob.objects.all().delete()
    os.utime(path, (1, 1))
    keep(b"again")
    assert sweep.sweep_bytes() == 0 and path.exists()


def test_halves_go_after_a_while():
    file = IncomingFile("a.txt")
    file.write(b"half")
    assert sweep_halves() == 0
    os.utime(file.path, (1, 1))
    assert sweep_halves() == 1
    assert not list(folder().glob("*"))


def test_a_transaction_that_fails_leaves_bytes_for_the_sweep():
    from django.db import transaction

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        blob = store.keep(come_in(b"undone"))
        path = store.path_of(blob.digest)
        1 / 0  # noqa: B018
    assert not Blob.objects.exists() and path.exists()
    assert sweep.sweep(min_age=-1)["bytes"] and not path.exists()


def test_check_finds_what_is_damaged(capsys):
    call_command("files", "check")
    assert "All files are there" in capsys.readouterr().out
    missing, changed = keep(b"missing"), keep(b"changed")
    store.path_of(missing.digest).unlink()
    store.path_of(changed.digest).write_bytes(b"CHANGED")
    assert [(blob, problem) for blob, problem in sweep.find_damaged()] == [(missing, "missing")]
    with pytest.raises(CommandError, match="2 files are damaged"):
        call_command("files", "check", "--compare")
    keep(b"missing")  # sent again, it is there again
    assert [blob for blob, _problem in sweep.find_damaged(compare=True)] == [changed]
    sweep.sweep(min_age=-1)
