"""Backups by a schedule: made by a job, the oldest go, and an old one is noticed."""

from datetime import timedelta

import pytest
from django.test import AsyncClient
from django.utils import timezone

from backups import regular
from backups.models import Backup

from .test_running import here  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_newest_are_kept_and_other_files_left_alone(here):  # noqa: F811
    folder = here.folder / "backups"
    folder.mkdir(mode=0o700)
    names = ["roundtable-20200101-000000.tar", "roundtable-20200102-000000.tar", "mine.tar"]
    for name in [*names, ".roundtable-20200103-000000.tar.77.part"]:
        (folder / name).write_bytes(b"")
    here.environment["BACKUP_KEEP"] = "2"
    here.manage("backup", "--regular")
    row = Backup.objects.get()
    assert (row.regular, row.error) == (True, "")
    assert {path.name for path in folder.iterdir()} == {"mine.tar", "roundtable-20200102-000000.tar", row.file}
    assert "files" in here.manage("restore", "--check", folder / row.file)


def test_a_file_or_the_schedule_and_not_both(here):  # noqa: F811
    for words in ((), ("--regular", "x.tar")):
        assert "Name a file, or give --regular." in here.try_to("backup", *words).stderr


def made(hours: float, error: str = "") -> Backup:
    moment = timezone.now() - timedelta(hours=hours)
    return Backup.objects.create(started=moment, finished=moment, lease_until=moment, size=7, error=error)


def test_the_job_begins_none_after_one_that_was_made_just_now(settings, monkeypatch):
    settings.BACKUP_EVERY = 24
    begun = []
    monkeypatch.setattr(regular.subprocess, "Popen", lambda command, **_: begun.append(command) or Process())
    made(1)
    regular.back_up.call()
    assert begun == []
    Backup.objects.all().delete()
    made(1, error="OSError")
    with pytest.raises(regular.BackupFailed):
        regular.back_up.call()
    assert begun[0][-2:] == ["backup", "--regular"]


class Process:
    def wait(self, _seconds: float) -> int:
        return 1


@pytest.mark.parametrize(("every", "hours", "answer"), [(24, 47, "ok"), (24, 49, "old"), (0, 49, None)])
async def test_an_old_one_is_told(settings, every, hours, answer):
    from asgiref.sync import sync_to_async

    settings.BACKUP_EVERY = every
    await sync_to_async(made)(hours)
    await sync_to_async(made)(1, error="OSError")
    found = (await AsyncClient().get("/healthz")).json()
    assert found.get("backups") == answer
    state = await sync_to_async(regular.state)()
    assert (state["age_seconds"] // 3600, state["bytes"], state["failed"]) == (hours, 7, True)
