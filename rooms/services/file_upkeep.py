"""A regular job that deletes files that nobody needs any more, and makes previews that are missing."""

import time
from collections.abc import Callable

from django_tasks import task

from files.sweep import sweep_bytes, sweep_rows
from files.texts import discard_lost, settle

from .attachments import discard_old_unsent, fill_kinds
from .file_words import purge
from .late_previews import enqueue_due
from .resumable import discard_old

PAUSE = 0.5  # seconds between batches, so that others can write


@task(priority=-10)
def keep_files_tidy() -> None:
    """Delete files that were not sent in time, and the remains of interrupted uploads."""
    _run_batches(settle)
    enqueue_due()
    for batch in (fill_kinds, discard_old, discard_old_unsent, sweep_rows, discard_lost, purge):
        _run_batches(batch)
    sweep_bytes()


def _run_batches(batch: Callable[[], object]) -> None:
    while batch():
        time.sleep(PAUSE)
