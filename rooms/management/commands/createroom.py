from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.models import User
from rooms.kernel.errors import ChatError
from rooms.models import Room
from rooms.services import membership
from rooms.services.messages import check_topic


class Command(BaseCommand):
    help = "Create a room. A public room that exists already is left as it is. Prints the room's address."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("title", help="its name, as people read it")
        parser.add_argument("--private", action="store_true", help="only people who are invited see it; needs --owner")
        parser.add_argument("--topic", default="", help="one line, shown beside the name")
        parser.add_argument("--owner", metavar="USER", help="who moderates it; else the first person who joins")

    def handle(self, *, title, private, topic, owner, **_options):
        if private and not owner:
            raise CommandError("A private room needs an --owner, who can let others in.")
        try:
            topic = check_topic(topic)
            room, made = self._create(title, private, topic, _person(owner) if owner else None)
        except ChatError as error:
            raise CommandError(error.message) from None
        if not made:
            self.stderr.write(f"The room “{room.title}” exists already.")
        self.stdout.write(reverse("room", args=[room.name]))

    @staticmethod
    def _create(title: str, private: bool, topic: str, owner: User | None) -> tuple[Room, bool]:
        """Whoever runs a command may give a room to somebody who may not create any."""
        if private:
            if owner is None:
                raise ValueError("a private room needs an owner")
            return membership.create_private_room(owner, title, topic), True
        return membership.get_or_create_public_room(title, owner, topic)


def _person(name: str) -> User:
    try:
        return User.objects.get(username__iexact=name, is_bot=False)
    except User.DoesNotExist:
        raise CommandError(f"No person is called {name}.") from None
