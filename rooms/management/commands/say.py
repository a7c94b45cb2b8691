from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from rooms.kernel.errors import ChatError
from rooms.models import MessageKind
from rooms.services import membership, messages
from rooms.services.posting import Posted

ANNOUNCER = "announcer"  # who speaks when nobody is named


class Command(BaseCommand):
    help = "Post a message in a room, from a script or by hand. A public room that does not exist is made."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("room", help="its name, as in its address")
        parser.add_argument("text", help="Markdown, as people write it")
        parser.add_argument("--as", dest="name", metavar="USER", help=f"who says it; else a bot called {ANNOUNCER}")

    def handle(self, *, room, text, name, **_options):
        try:
            posted = say(_person(name) if name else _announcer(), room, text)
        except ChatError as error:
            raise CommandError(error.message) from None
        # Publishing happens in the background; it is waited for as the process ends.
        self.stdout.write(f"Posted as message {posted.message_id}.")


def say(user: User, room: str, text: str) -> Posted:
    kind = MessageKind.BOT if user.is_bot else MessageKind.HUMAN
    try:
        return messages.post(user, room, text, kind=kind)
    except ChatError as error:
        if error.code != "not_found" or "--" in room:  # the address of a private room, which no title gives
            raise
        return messages.post(user, membership.get_or_create_and_join(user, room).name, text, kind=kind)


def _person(name: str) -> User:
    try:
        return User.objects.get_by_natural_key(name)
    except User.DoesNotExist:
        raise CommandError(f"There is no user called {name}.") from None


def _announcer() -> User:
    user, made = User.objects.get_or_create(username=ANNOUNCER, defaults={"is_bot": True})
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    if not user.is_bot:
        raise CommandError(f"{ANNOUNCER} is a person here; say who speaks with --as.")
    return user
