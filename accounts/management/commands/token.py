"""manage.py token USER: create a token for scripts and print it."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Token, User
from accounts.scopes import Scope


class Command(BaseCommand):
    help = "Makes a token, sent as `Authorization: Bearer …`, and prints it. It cannot be shown again."

    def add_arguments(self, parser):
        parser.add_argument("user", help="whose token it is: their user name")
        parser.add_argument("--name", default="command line", help="what it is for, as the person sees it")
        parser.add_argument("--scope", choices=Scope.values, default=Scope.FULL.value, help="what it may do")
        parser.add_argument("--days", type=int, default=365, help="how long it is valid; 0: until it is revoked")

    def handle(self, *args, user: str, name: str, scope: str, days: int, **options):
        owner = User.objects.filter(username__iexact=user, is_active=True).first()
        if owner is None:
            raise CommandError(f"No user is called {user!r}.")
        if not 0 <= days <= 36_500:
            raise CommandError("--days must be a number from 0 to 36500.")
        _token, secret = Token.issue(owner, name[:60], Scope(scope), timedelta(days=days) if days else None)
        self.stdout.write(secret)
