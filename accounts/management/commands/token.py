"""manage.py token USER: create a token for scripts and print it."""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Token, User
from accounts.scopes import Scope
from accounts.token_changes import max_days


class Command(BaseCommand):
    help = "Makes a token, sent as `Authorization: Bearer …`, and prints it. It cannot be shown again."

    def add_arguments(self, parser):
        parser.add_argument("user", help="whose token it is: their user name")
        parser.add_argument("--name", default="command line", help="what it is for, as the person sees it")
        parser.add_argument("--scope", choices=Scope.values, default=Scope.FULL.value, help="what it may do")
        parser.add_argument(
            "--days", type=int, default=min(365, max_days()), help="how long it is valid; 0: until it is revoked"
        )

    def handle(self, *args, user: str, name: str, scope: str, days: int, **options):
        owner = User.objects.filter(username__iexact=user, is_active=True).first()
        if owner is None:
            raise CommandError(f"No user is called {user!r}.")
        if not 0 <= days <= max_days():
            raise CommandError(f"--days must be a number from 0 to {max_days()}.")
        if not days and settings.TOKEN_MAX_DAYS:
            raise CommandError(f"TOKEN_MAX_DAYS is {settings.TOKEN_MAX_DAYS}: each token has to expire.")
        _token, secret = Token.issue(owner, name[:60], Scope(scope), timedelta(days=days) if days else None)
        self.stdout.write(secret)
