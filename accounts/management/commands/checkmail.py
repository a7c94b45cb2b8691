"""manage.py checkmail [ADDRESS]: try the mail server."""

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.mail import checking


class Command(BaseCommand):
    help = "Connects to the mail server, encrypts, signs in, sends a test mail, and says what does not work and why."

    def add_arguments(self, parser):
        parser.add_argument("address", nargs="?", default="", help="where a test mail goes; without one, none is sent")

    def handle(self, *args, address: str, **options):
        if address:
            validate_email(address)
        for step in checking.check(address):
            if not step.passed:
                said = f" The server says: {step.words}" if step.words else ""
                raise CommandError(f"{step.title}: {step.sentence}{said}")
            self.stdout.write(f"{step.title}: {self.style.SUCCESS('passed')}")
        self.stdout.write(self.style.SUCCESS("Mail can be sent."))
