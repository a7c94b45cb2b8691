import sys
from argparse import BooleanOptionalAction

from django.core.management.base import BaseCommand

from mysite.prepare import prepare
from mysite.supervisor.run import ROLES, CannotStart, serve


class Command(BaseCommand):
    help = "Run Roundtable: Redis when none is configured, the web, the bot workers. Ctrl-C stops all of it."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--only",
            choices=ROLES,
            help="run this part alone, on one of several hosts; REDIS_URL must be set",
        )
        parser.add_argument(
            "--migrate",
            action=BooleanOptionalAction,
            help="bring the database up to date first (the default, but not with --only)",
        )

    def handle(self, *, only, migrate, **_options):
        try:
            serve(
                prepare,
                roles=(only,) if only else ROLES,
                migrate=migrate if migrate is not None else not only,
                embedded=not only,
            )
        except CannotStart as error:
            sys.exit(str(error))
