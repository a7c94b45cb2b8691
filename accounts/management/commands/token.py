"""manage.py token USER: make a token for scripts and print it."""

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Token, User


class Command(BaseCommand):
    help = "Makes a token, sent as `Authorization: Bearer …`, and prints it. It cannot be shown again."

    def add_arguments(self, parser):
        parser.add_argument("user", help="whose token it is: their user name")
        parser.add_argument("--name", default="command line", help="what it is for, as the person sees it")

    def handle(self, *args, user: str, name: str, **options):
        owner = User.objects.filter(username__iexact=user, is_active=True).first()
        if owner is None:
            raise CommandError(f"There is nobody called {user!r}.")
        _token, secret = Token.make(owner, name[:60])
        self.stdout.write(secret)
