from asgiref.sync import async_to_sync
from django.core.management.base import BaseCommand, CommandError

from files import sweep, usage
from rooms.services.attachments import discard_old_unsent
from rooms.services.late_previews import make_late_previews


class Command(BaseCommand):
    help = (
        "check: are all bytes there that rows name? sweep: delete what an interruption has left, and what was uploaded "
        "but not sent for a day, and make small pictures for which it was too busy; "
        "web processes do the same each hour."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("do", choices=["check", "sweep"])
        parser.add_argument("--compare", action="store_true", help="with check: read all bytes, and compare them")

    def handle(self, *, do: str, compare: bool, **_options):
        if do == "sweep":
            unsent = 0
            while some := discard_old_unsent():
                unsent += some
            async_to_sync(make_late_previews)()
            found = sweep.sweep()
            self.stdout.write(
                f"Deleted {unsent} files that were not sent, {found['halves']} halves of uploads, {found['rows']} files"
                f" to which nothing refers and {found['bytes']} that nothing names."
            )
            return
        damaged = 0
        for blob, problem in sweep.find_damaged(compare):
            damaged += 1
            self.stdout.write(f"{blob.digest}: {_PROBLEMS[problem]}")
        if damaged:
            raise CommandError(f"{damaged} files are damaged. Take them from a backup of DATA_DIR/files.")
        self.stdout.write(f"All files are there: {usage.total_size() / usage.MIB:,.1f} MB.")


_PROBLEMS = {"missing": "its bytes are missing", "size": "it has another size", "content": "it has another content"}
