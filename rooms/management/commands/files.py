from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from files import move, places, sweep, usage
from files.places import StoreAway
from rooms.services.attachments import discard_old_unsent
from rooms.services.late_previews import enqueue_due


class Command(BaseCommand):
    help = (
        "check: are all bytes there that rows name? sweep: delete what an interruption has left, and what was uploaded "
        "but not sent for a day, and have small pictures made and documents read for which it was too busy; "
        "a job does the same each hour. move: bring all files into the "
        "other store, while both are in use; it can be stopped and started again."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("do", choices=["check", "sweep", "move"])
        parser.add_argument("--to", choices=places.configured(), help="with move: where all files go")
        parser.add_argument("--compare", action="store_true", help="with check: read all bytes, and compare them")

    def handle(self, *, do: str, compare: bool, to: str | None, **_options):
        if do == "sweep":
            unsent = 0
            while some := discard_old_unsent():
                unsent += some
            enqueue_due()
            found = sweep.sweep()
            self.stdout.write(
                f"Deleted {unsent} files that were not sent, {found['halves']} halves of uploads, {found['rows']} files"
                f" to which nothing refers and {found['bytes']} that nothing names."
            )
            return
        try:
            self._move(to) if do == "move" else self._check(compare)
        except StoreAway as error:
            raise CommandError(f"The store cannot be reached: {error}") from error

    def _check(self, compare: bool):
        damaged = 0
        for blob, problem in sweep.find_damaged(compare):
            damaged += 1
            self.stdout.write(f"{blob.digest}: {_PROBLEMS[problem]}")
        if damaged:
            raise CommandError(f"{damaged} files are damaged. Take them from a backup.")
        self.stdout.write(f"All files are there: {usage.total_size() / usage.MIB:,.1f} MB.")

    def _move(self, to: str | None):
        if to is None:
            raise CommandError("Where to? Use --to local, or --to s3 where FILES_S3_BUCKET is set.")
        if to != places.current():
            self.stderr.write(f"New files still go to {places.current()}; change FILES_STORAGE, too.")
        counts: Counter[str] = Counter()
        for blob, outcome in move.move_all(to):
            counts[outcome] += 1
            if outcome == move.DAMAGED:
                self.stderr.write(f"{blob.digest}: it is damaged, and stays where it is")
        self.stdout.write(f"Moved {counts[move.MOVED]} files.")
        if counts[move.DAMAGED]:
            raise CommandError(f"{counts[move.DAMAGED]} files are damaged.")


_PROBLEMS = {"missing": "its bytes are missing", "size": "it has another size", "content": "it has another content"}
