import os
import signal
import sys
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backups import lease, making, target
from backups import regular as schedule
from backups.errors import Refused

MIB = 2**20


class Command(BaseCommand):
    help = (
        "Writes all that has to be kept into one file while Roundtable runs: rows, files, keys. Only its owner can read"
        " it. It appears under its name when it is whole. `manage.py restore` reads it."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", help="which is not there yet; - for standard output")
        parser.add_argument(
            "--regular",
            action="store_true",
            help="into BACKUP_DIR, as the schedule does it; the oldest go",
        )
        parser.add_argument(
            "--without-files", action="store_true", help="rows and keys only, where files are copied in another way"
        )

    def handle(self, *, file: str | None, without_files: bool, regular: bool, **_options):
        if regular == bool(file):
            raise CommandError("Name a file, or give --regular.")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and no half is left behind
        os.nice(10)  # those who write go first
        begun = time.monotonic()
        try:
            file = str(schedule.next_file()) if regular else str(file)
            with lease.held(regular, os.path.basename(file)) as row:
                if regular:
                    schedule.remove_parts()
                with_files = settings.BACKUP_FILES if regular else not without_files
                with target.opened(file) as out:
                    found = making.make(out, row, with_files, _Progress(self.stderr), self.stderr.write)
                if regular:
                    schedule.remove_old()
        except Refused as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"The backup was not made: {error}.") from None
        self.stderr.write(
            f"{found.rows:,} rows and {found.files:,} files, {found.size / MIB:,.1f} MB, "
            f"in {time.monotonic() - begun:,.1f} s."
            + (f" {found.missing} files are missing or damaged, as said above." if found.missing else "")
        )


class _Progress:
    """One line on a terminal, and nothing elsewhere."""

    def __init__(self, out):
        self._out, self._said = out, 0.0

    def __call__(self, what: str, share: float) -> None:
        if self._out.isatty() and time.monotonic() - self._said > 0.5:
            self._said = time.monotonic()
            self._out.write(f"\r{what}: {share:4.0%} ", ending="")
            self._out.flush()
