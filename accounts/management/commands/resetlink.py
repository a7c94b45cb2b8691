"""manage.py resetlink USER: print a link that lets a user choose a new password."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.mail.links import absolute_url
from accounts.models import User

_DAY = 24 * 3600


class Command(BaseCommand):
    help = (
        "Prints a link that lets whoever has it choose a new password for this account. It works once, and no longer "
        "than a few days. For servers without mail: give it to the person by a way that you trust."
    )

    def add_arguments(self, parser):
        parser.add_argument("user", help="their user name")

    def handle(self, *args, user: str, **options):
        found = User.objects.filter(username__iexact=user, is_active=True, is_bot=False).first()
        if found is None:
            raise CommandError(f"No user is called {user!r}.")
        token = {"uidb36": user_pk_to_url_str(found), "key": default_token_generator.make_token(found)}
        self.stdout.write(absolute_url(reverse("account_reset_password_from_key", kwargs=token)))
        self.stderr.write(f"Valid for {settings.PASSWORD_RESET_TIMEOUT // _DAY} days, once.")
