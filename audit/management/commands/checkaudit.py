"""manage.py checkaudit: check whether the audit log was tampered with."""

import re

from django.core.management.base import BaseCommand, CommandError

from audit.chain import faults, head
from audit.models import Entry, Seal


class Command(BaseCommand):
    help = (
        "Checks the chain of hashes over the audit log, and prints its end. Keep that line elsewhere: with --expect "
        "the command also finds out whether the newest entries were removed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--expect", metavar="POSITION:HASH", help="an end of the chain that was printed before")

    def handle(self, *args, expect: str | None, **options):
        found = [*faults(), *_missing(expect)]
        for fault in found:
            self.stderr.write(fault)
        position, digest = head()
        self.stdout.write(f"{Entry.objects.count()} entries; the chain ends at {position}:{digest}")
        if found:
            raise CommandError("The audit log is not as it was written.")


def _missing(expect: str | None) -> list[str]:
    if expect is None:
        return []
    match = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", expect)
    if match is None:
        raise CommandError("--expect takes a number, a colon and a hash of 64 characters, as this command prints them.")
    position, digest = int(match[1]), match[2]
    if position == 0 or Seal.objects.filter(position=position, hash=digest).exists():
        return []
    first = Seal.objects.order_by("position").first()
    if first and position < first.position:
        return [f"position {position} was removed for its age; expect a later one"]
    return [f"the chain does not have this hash at position {position}"]
