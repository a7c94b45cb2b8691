"""Prints the page about rights, which docs/rights.md is."""

from collections.abc import Callable, Iterable, Sequence
from itertools import product

from django.core.management.base import BaseCommand

from accounts.rights import ROOM_CREATORS, SERVER_RIGHTS, ServerAction
from accounts.roles import GRANTED_BY, ServerRole
from rooms.kernel.rights import RIGHTS, Action, Who, refusal

_HEAD = """# Rights

Made by `manage.py rightspage` from the tables that the code asks: `rooms/kernel/rights.py`,
`accounts/rights.py` and `accounts/roles.py`. A test compares this page with them, and
`rooms/tests/test_rights.py` tries each cell by every way that leads to it.

Whoever does not see a room is answered `no_such_room`, whatever they try."""
_ROOMS = """## In rooms

A visitor has not joined a public room; posting joins it. Staff are the server's owners and
administrators. They see no private room to which they do not belong, and in rooms that they see
they may do this whether they have joined or not. "direct": whether both may in direct messages.
"archived": whether it is possible in an archived room. "chosen": the owner of the room decides
whether all members may, or only moderators."""
_SERVER = """## On the server

"chosen": the setting `ROOM_CREATORS` decides."""
_ROLES = """## Who gives and takes roles

Nobody gives or takes a role that is not below their own, but owners. The only owner stays one."""
_LABELS = {Who.VISITOR: "visitor", Who.STAFF: "staff"}


class Command(BaseCommand):
    help = "Print the page about rights, docs/rights.md."
    requires_system_checks = ()

    def handle(self, **_options):
        self.stdout.write("\n\n".join([_HEAD, _ROOMS, _rooms(), _SERVER, _server(), _ROLES, _roles()]))


def _rooms() -> str:
    def cells(row) -> list[str]:
        action, right = row
        kinds = [kind for kind in ("public", "private") if kind in right.kinds]
        may = [_cell(action, kinds[0], who) for who in Who]
        only = f" ({kinds[0]} rooms)" if len(kinds) == 1 else ""
        return [f"{action}{only}", *may, _mark("direct" in right.kinds), _mark(right.archived)]

    return _table(["", *(_LABELS.get(who, who.value) for who in Who), "direct", "archived"], RIGHTS.items(), cells)


def _cell(action: Action, kind: str, who: Who) -> str:
    """It is the same in public and private rooms."""
    chosen = ["members", "moderators"] if RIGHTS[action].chosen_by else [""]
    cells = {_mark(refusal(action, kind, frozenset({who}), each) is None) for each in chosen}
    return cells.pop() if len(cells) == 1 else "chosen"


def _server() -> str:
    return _table(
        ["", *(role.value for role in ServerRole)],
        SERVER_RIGHTS.items(),
        lambda row: [row[0], *(_server_cell(row[0], role) for role in ServerRole)],
    )


def _server_cell(action: ServerAction, role: ServerRole) -> str:
    chosen = ROOM_CREATORS.values() if action == ServerAction.CREATE_ROOMS else [SERVER_RIGHTS[action]]
    cells = {_mark(role in roles) for roles in chosen}
    return cells.pop() if len(cells) == 1 else "chosen"


def _roles() -> str:
    return _table(
        ["", *(role.value for role in ServerRole)],
        product(GRANTED_BY),
        lambda row: [row[0].value, *(_mark(role in GRANTED_BY[row[0]]) for role in ServerRole)],
    )


def _table(head: Sequence[str], rows: Iterable, cells: Callable) -> str:
    lines = [head, ["---", *[":-:"] * (len(head) - 1)], *(cells(row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _mark(yes: bool) -> str:
    return "yes" if yes else "–"
