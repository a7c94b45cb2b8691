import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from rooms.privacy.personal_data_archive import archive


class Command(BaseCommand):
    help = (
        "Writes all that the server holds about a person, and that they could see themselves, into a zip archive: as "
        "JSON and as Markdown. Only the owner of the file can read it."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("user", help="their user name")
        parser.add_argument("--output", type=Path, metavar="FILE", help="else NAME-data.zip in the current folder")

    def handle(self, *, user: str, output: Path | None, **_options):
        person = User.objects.filter(username__iexact=user, is_bot=False).first()
        if person is None:
            raise CommandError(f"No person is called {user}.")
        output = output or Path(f"{person.username}-data.zip")
        try:
            # Never overwrite a file; nobody else may read it, not even while it is being written.
            descriptor = os.open(output, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from None
        try:
            with open(descriptor, "wb") as file:
                for chunk in archive(person):
                    file.write(chunk)
        except BaseException:
            output.unlink()  # an incomplete archive is of no use
            raise
        self.stdout.write(str(output))
