import time

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from accounts.models import User
from rooms.kernel.errors import ChatError
from rooms.models import Erasure
from rooms.privacy import erasure

PAUSE = 0.1  # seconds between batches, so that others can write
MAX_FAILURES = 5  # in a row


class Command(BaseCommand):
    help = (
        "Erases a person: first their account, then in batches their messages and everything else. If it is "
        "interrupted, run it again; web processes continue it, too."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("user", help="their user name")
        messages = parser.add_mutually_exclusive_group()
        messages.add_argument(
            "--messages", dest="keep", action="store_false", default=False, help="delete their messages (the default)"
        )
        messages.add_argument(
            "--keep-messages", dest="keep", action="store_true", help="keep their messages under a neutral name"
        )
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, user: str, keep: bool, yes: bool, **_options):
        user_id = self._unfinished(user)
        if user_id is None:
            person = self._person(user)
            if not yes and not self._is_meant(person, keep):
                raise CommandError("Nothing was erased.")
            try:
                erasure.begin(person, keep)
            except ChatError as error:
                raise CommandError(error.message) from None
            user_id = person.pk
        self._erase(user_id)
        self.stdout.write("Erased. The name stays reserved.")

    def _unfinished(self, name: str) -> int | None:
        found = Erasure.objects.filter(name__iexact=name).values_list("pk", flat=True).first()
        if found:
            self.stdout.write("Continuing an erasure that had begun before.")
        return found

    @staticmethod
    def _person(name: str) -> User:
        try:
            return User.objects.get(username__iexact=name, is_bot=False)
        except User.DoesNotExist:
            raise CommandError(f"No person is called {name}.") from None

    def _is_meant(self, person: User, keep: bool) -> bool:
        many = erasure.count_rows(person)
        what = f"{many['messages']} messages are {'kept without the name' if keep else 'deleted'}"
        rooms = f"{person.username} leaves {many['rooms']} rooms and hands over {many['owned']} of them"
        self.stdout.write(f"{what}, {rooms}. This cannot be undone.")
        return input(f"Type the name ({person.username}) to continue: ").strip().lower() == person.username.lower()

    def _erase(self, user_id: int) -> None:
        failures = 0
        erasure.retry_now(user_id)
        while not erasure.is_done(user_id):
            try:
                erasure.run_next_batch(user_id)
                failures = 0
            except OperationalError as error:  # another program may have locked a room
                failures += 1
                if failures == MAX_FAILURES:
                    raise CommandError(f"The database refuses it: {error}. Run this again later.") from None
                erasure.retry_now(user_id)
            time.sleep(PAUSE)
