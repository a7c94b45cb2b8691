"""manage.py ownerlink: print a link that makes whoever opens it the owner of this server."""

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts import owner_links
from accounts.mail.links import absolute_url
from accounts.role_changes import has_owner


class Command(BaseCommand):
    help = (
        "Prints a link, which works once, that makes whoever opens it an owner of this server: with a new account, or "
        "with theirs. A link that was printed before no longer works."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--recover",
            action="store_true",
            help="also where there is an owner, who stays one: the link is valid for an hour",
        )

    def handle(self, *args, recover: bool, **options):
        owned = has_owner()
        if owned and not recover:
            raise CommandError("This server has an owner. For a further one, who loses nothing to them: --recover")
        self.stdout.write(absolute_url(reverse("become_owner", args=[owner_links.make(recovery=owned)])))
        self.stderr.write("Valid for an hour, once." if owned else "Valid once, until another one is made.")
