"""The tables of rights: docs/rights.md shows them, and the roles in them are those that are stored."""

import io
from itertools import product
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from accounts.rights import SERVER_RIGHTS, ServerAction
from rooms.kernel.reasons import REASONS
from rooms.kernel.rights import EVERYBODY, RIGHTS, Action, Who, refusal, roles_that_may
from rooms.models import Permitted, Role, Room, RoomKind

CALLS = {Action.CALL_HERE, Action.CALL_ROOM, Action.SEE_USAGE}  # of which nobody is told that they may not


def test_the_page_shows_the_tables():
    out = io.StringIO()
    call_command("rightspage", stdout=out)
    page = (Path(settings.BASE_DIR) / "docs/rights.md").read_text(encoding="utf-8")
    assert page == out.getvalue(), "run: manage.py rightspage > docs/rights.md"


def test_the_tables_have_every_action_and_the_roles_and_kinds_that_are_stored():
    assert RIGHTS.keys() == set(Action)
    assert SERVER_RIGHTS.keys() == set(ServerAction)
    assert set(Role.values) <= {who.value for who in Who}
    assert {kind for right in RIGHTS.values() for kind in right.kinds} == set(RoomKind.values)
    assert {right.chosen_by for right in RIGHTS.values()} - {""} <= {field.name for field in Room._meta.fields}
    assert all(set(roles_that_may(action)) <= set(Role.values) for action in Action)


def test_whoever_may_not_is_told_a_reason(tried):
    cells = 0
    for action, kind, who, chosen in product(Action, RoomKind.values, Who, Permitted.values):
        right = RIGHTS[action]
        reason = refusal(action, kind, frozenset({who}), chosen if right.chosen_by else "")
        moderates = who in (Who.OWNER, Who.MODERATOR, Who.STAFF)
        may = (chosen == Permitted.MEMBERS or moderates) if right.chosen_by else who in right.who
        allowed = kind in right.kinds and (kind == "direct" or may)
        assert (reason is None) == allowed, (action, kind, who)
        assert reason is None or reason in REASONS or action in CALLS, (action, kind, who)
        cells += 1
    assert any(right.who != EVERYBODY for right in RIGHTS.values())
    tried("cells of the table of rights", cells)
