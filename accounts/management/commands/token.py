"""manage.py token USER: create a token for scripts and print it."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Token, User
from accounts.scopes import Scope
from accounts.token_changes import max_days
from accounts.token_places import MAX_ROOMS, rooms_of
from site_settings import current


class Command(BaseCommand):
    help = "Makes a token, sent as `Authorization: Bearer …`, and prints it. It cannot be shown again."

    def add_arguments(self, parser):
        parser.add_argument("user", help="whose token it is: their user name")
        parser.add_argument("--name", default="command line", help="what it is for, as the person sees it")
        parser.add_argument("--scope", choices=Scope.values, default=Scope.FULL.value, help="what it may do")
        parser.add_argument(
            "--room", action="append", help="the address of a room that it is for, and of no other; may be repeated"
        )
        parser.add_argument(
            "--days", type=int, default=min(365, max_days()), help="how long it is valid; 0: until it is revoked"
        )

    def handle(self, *args, user: str, name: str, scope: str, days: int, room: list[str] | None, **options):
        owner = User.objects.filter(username__iexact=user, is_active=True).first()
        if owner is None:
            raise CommandError(f"No user is called {user!r}.")
        if not 0 <= days <= max_days():
            raise CommandError(f"--days must be a number from 0 to {max_days()}.")
        if not days and current.number("TOKEN_MAX_DAYS"):
            raise CommandError(f"TOKEN_MAX_DAYS is {max_days()}: each token has to expire.")
        rooms = None if room is None else _find_rooms(owner, room)
        if rooms is not None and scope == Scope.FULL:
            raise CommandError("A token for some rooms needs --scope read, write or manage.")
        _token, secret = Token.issue(owner, name[:60], Scope(scope), timedelta(days=days) if days else None, rooms)
        self.stdout.write(secret)


def _find_rooms(owner: User, addresses: list[str]) -> list[int]:
    known = {room.address: room.id for room in rooms_of(owner)}
    for address in addresses:
        if address not in known:
            raise CommandError(f"{owner.username} is in no room with the address {address!r}.")
    if len(set(addresses)) > MAX_ROOMS:
        raise CommandError(f"A token is for at most {MAX_ROOMS} rooms.")
    return [known[address] for address in set(addresses)]
