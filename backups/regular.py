"""Scheduled backups (BACKUP_EVERY): makes them in a job, deletes the oldest, and tells how old the last one is."""

import os
import re
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from .models import Backup

PATIENCE = 600.0  # seconds that a job waits for the process to end
ROWS_KEPT = 200
JUST_NOW = timedelta(minutes=1)
_NAME = re.compile(r"roundtable-\d{8}-\d{6}\.tar")
_PART = re.compile(r"\.roundtable-\d{8}-\d{6}\.tar\.\d+\.part")


class BackupFailed(Exception):
    """The list of backups says why."""


@task(priority=-20)
def back_up() -> None:
    """Make a backup in a separate process with low priority. It may take hours, and saves its outcome in its row."""
    last = latest()
    if last and last.finished and timezone.now() - last.finished < timedelta(hours=settings.BACKUP_EVERY) / 2:
        return  # this job was given to a second worker after the first had done it
    _make()


@task(priority=-20)
def back_up_now() -> None:
    """Make a backup that staff asked for, whatever the schedule says."""
    if is_fresh():
        return  # this job was given to a second worker after the first had done it
    _make()


def _make() -> None:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "backup", "--regular"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603
    with suppress(subprocess.TimeoutExpired):
        if process.wait(PATIENCE):
            raise BackupFailed


def next_file() -> Path:
    folder = Path(settings.BACKUP_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"roundtable-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"


def remove_parts() -> None:
    """Delete what killed backups left. Call it while holding the lease, so that no other backup is writing."""
    for path in Path(settings.BACKUP_DIR).iterdir():
        if _PART.fullmatch(path.name):
            path.unlink(missing_ok=True)


def remove_old() -> None:
    """Delete all but the newest archives and rows; other files in the folder stay."""
    folder = Path(settings.BACKUP_DIR)
    made = sorted((path for path in folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True)
    for path in made[settings.BACKUP_KEEP :]:
        os.unlink(path)
    kept = list(Backup.objects.values_list("pk", flat=True)[:ROWS_KEPT])
    Backup.objects.exclude(pk__in=kept).delete()


def latest() -> Backup | None:
    """The last backup that succeeded."""
    return Backup.objects.filter(finished__isnull=False, error="").order_by("-finished").first()


def is_fresh() -> bool:
    """Whether the last backup ended within JUST_NOW, so that another is not needed."""
    last = latest()
    return bool(last and last.finished and timezone.now() - last.finished < JUST_NOW)


def is_overdue() -> bool:
    """Whether two scheduled backups in a row are missing."""
    if not settings.BACKUP_EVERY:
        return False
    last, first = latest(), Backup.objects.order_by("started").first()
    since = last.finished if last else first.started if first else None
    return since is not None and timezone.now() - since > 2 * timedelta(hours=settings.BACKUP_EVERY)


def state() -> dict[str, Any]:
    """ "age_seconds" and "bytes" of the last backup (null: none); "failed": whether a later attempt has failed."""
    last, tried = latest(), Backup.objects.filter(finished__isnull=False).order_by("-finished").first()
    return {
        "age_seconds": int((timezone.now() - last.finished).total_seconds()) if last and last.finished else None,
        "bytes": last.size if last else None,
        "failed": bool(tried and tried.error),
    }
