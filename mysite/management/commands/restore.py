import os
import signal
import sys
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backups import checking, restoring
from backups.errors import Refused
from mysite.prepare import create_database_file
from mysite.supervisor import checks
from mysite.supervisor.errors import CannotStart


class Command(BaseCommand):
    help = (
        "Brings back what `manage.py backup` has written, into an empty installation; stop Roundtable first. The "
        "archive is checked in whole before anything is touched. SQLite and PostgreSQL can be restored from each other."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="only check the archive")
        parser.add_argument(
            "--overwrite", action="store_true", help="put aside the database and the files that are there"
        )

    def handle(self, *, file: Path, check: bool, overwrite: bool, **_options):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        os.umask(0o077)
        try:
            if check:
                self._describe(checking.check(file))
                return
            with closing(checks.lock_data_dir(settings.DATA_DIR)):
                create_database_file(settings.DATABASES["default"])
                checks.check_database(settings.DATABASES["default"])
                self._describe(restoring.restore(file, overwrite, self.stderr.write))
        except (Refused, CannotStart) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"Nothing was restored: {error}.") from None
        self.stdout.write("Restored. Start Roundtable.")

    def _describe(self, found: checking.Contents) -> None:
        self.stdout.write(
            f"Made {found.head.get('made')} on {found.head.get('database')}: {found.rows:,} rows, "
            + (f"{found.files:,} files, {found.bytes / 2**20:,.1f} MB." if found.has_files else "no files.")
        )
        for digest in found.damaged:
            self.stdout.write(f"{digest}: a file that was damaged when the backup was made")
