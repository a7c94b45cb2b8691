"""Who may do what: every operation, in every kind of room, for every kind of person, against a table written by hand.

An operation is allowed exactly where the table says so, and changes something only there. Each act of a moderator or of
staff is one entry of the audit log, and what is refused is none.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.models import Max

from accounts.models import ServerInvitation, User
from audit.models import Entry
from bot.models import Bot, Run
from jobs.models import Job
from rooms.models import (
    AskBeforeAdding,
    Block,
    BlockList,
    ContactSettings,
    Invitation,
    Membership,
    Message,
    MessageState,
    PeopleGroup,
    PersonalInvitation,
    Reaction,
    Report,
    Room,
    RoomKind,
    Timeout,
)
from rooms.services import (
    archiving,
    blocks,
    bot_replies,
    direct_messages,
    membership,
    messages,
    moderation,
    personal_invitations,
)

from .operations import ONLY_READ, Operation, Target, operations, page_routes, signed_in
from .rights_table import MEMBERS, OUTSIDERS, PAGES, ROOMS, RULES, Case, audited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


class World:
    """Every kind of person in front of every kind of room."""

    def __init__(self, make_user):
        kinds = [*MEMBERS, *OUTSIDERS]
        people = {kind: make_user(kind, is_bot=kind == "bot", is_staff=kind == "staff") for kind in kinds}
        self.people, self.author = people, make_user("author")
        self.owner, self.robot = people["owner"], Bot.objects.get(from_environment=True).user
        self.invitee = make_user("invitee")
        self.rooms = {name: self._room(name) for name in ROOMS if name != "direct"}
        self.direct = {
            "blocked": direct_messages.get_or_create_direct_message(self.owner, "blocked"),
            "member": direct_messages.get_or_create_direct_message(self.author, "member"),
        }
        blocks.block(self.owner, "blocked")
        self.targets = {room.pk: self._target(room) for room in [*self.rooms.values(), *self.direct.values()]}
        asked = PersonalInvitation.objects.filter(user=people["pending"])
        self.invited = dict(asked.values_list("room_id", "pk"))
        for room in self.rooms.values():
            moderation.remove(self.owner, room.name, people["banned"].id, ban=True)
            if "archived" in room.title:
                archiving.archive(self.owner, room.name)

    def target(self, case: Case, operation: Operation) -> Target:
        """What a person does an operation with: what somebody else said there, asked a bot, or is."""
        room = self.rooms.get(case.room) or self.direct.get(case.person, self.direct["member"])
        target = self.targets[room.pk]
        return Target(
            room.name,
            target["said"],
            target["waiting" if operation.label.endswith(": stop") else "done"],
            "invitee" if operation.label.endswith("withdraw") else target["by"],
            self.invited.get(room.pk, 10**9),
        )

    def _room(self, title: str) -> Room:
        room = membership.create_room(
            self.owner, title, RoomKind.PUBLIC if title.startswith("public") else RoomKind.PRIVATE
        )
        for kind in (*MEMBERS, "former", "removed"):
            membership.add_member(room, self.people[kind])
        membership.add_member(room, self.author)
        moderation.appoint(self.owner, room.name, self.people["moderator"].id, "moderator")
        moderation.appoint(self.owner, room.name, self.people["reader"].id, "reader")
        membership.leave(self.people["former"], room.name)
        moderation.remove(self.owner, room.name, self.people["removed"].id)
        for name in ("pending", "invitee"):
            assert not personal_invitations.invite(self.owner, room.name, name).is_member
        return room

    def _target(self, room: Room) -> dict:
        by = self.author if room.created_by_id != self.owner.id or not room.is_direct else self.owner
        said = messages.post(by, room.name, "hello").message_id
        questions = [messages.post(by, room.name, f"@{self.robot.username} well?").message_id for _ in range(2)]
        done, waiting = (Run.objects.get(question=question) for question in questions)
        bot_replies.update(done.message_id, text="yes", state=MessageState.COMPLETE)
        Run.objects.filter(pk=done.pk).update(state="done")
        return {"by": by.username, "said": said, "done": done.message_id, "waiting": waiting.message_id}


MODELS = [
    *(Room, Membership, Message, Reaction, Run, Invitation, ServerInvitation),
    *(Block, AskBeforeAdding, ContactSettings, PersonalInvitation, PeopleGroup, Report, BlockList, Timeout),
    Job,  # which does later what was asked for
]
TABLES = {model._meta.db_table: model for model in MODELS}
# But for the actor's own place in a public room, which is theirs to take.
PLACES = {Membership, AskBeforeAdding, PersonalInvitation}


def state(actor: User, tables=TABLES) -> dict[str, list]:
    """All rows of these tables."""
    own = {"user": actor, "room__kind": RoomKind.PUBLIC}
    rows = {table: TABLES[table].objects.exclude(**own if TABLES[table] in PLACES else {"pk": 0}) for table in tables}
    return {table: sorted(found.values_list(), key=str) for table, found in rows.items()}


@contextmanager
def written_tables() -> Iterator[set[str]]:
    """Those of TABLES that a statement writes to."""
    found = set()

    def note(execute, sql, params, many, context):
        if sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            found.update(TABLES.keys() & set(re.findall(r"\w+", sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def outcome(answer, is_api: bool) -> str:
    if answer.status_code < 400:
        return "ok"
    if is_api:
        return answer.json()["code"]
    return {404: "not_found", 403: "forbidden"}.get(answer.status_code, str(answer.status_code))


def test_the_table_has_every_operation_and_no_other():
    assert {each.label for each in operations()} == RULES.keys() | PAGES.keys()
    assert {route.name for route in page_routes()} >= ONLY_READ


@pytest.mark.long
@pytest.mark.parametrize("room", ROOMS)
def test_who_may_do_what(make_user, tried, room):
    world, cells = World(make_user), 0
    for kind, user in world.people.items():
        case, client = Case(kind, room), signed_in(user)
        before, last = state(user), Entry.objects.aggregate(last=Max("pk"))["last"]
        for operation in (each for each in operations() if matters(each, case)):
            expected = (RULES | PAGES)[operation.label](case)
            with transaction.atomic():
                with written_tables() as written:
                    answer = operation.run(client, world.target(case, operation))
                changed = any(rows != before[table] for table, rows in state(user, written).items())
                acts = list(Entry.objects.filter(pk__gt=last).values_list("act", "actor"))
                transaction.set_rollback(True)
            found = outcome(answer, operation.is_api)
            changes_nothing = expected != "ok" or operation.method == "GET"
            where = (kind, operation.label, found, expected)
            assert fits(operation, found, expected), where
            assert not (changed and changes_nothing), where
            act = audited(operation.label, case)
            assert acts == ([(act, user.pk)] if changed and act else []), (*where, acts)
            cells += 1
    tried(f"cells of rights in a {room} room", cells)


def matters(operation: Operation, case: Case) -> bool:
    """Not tried again: what has nothing to do with rooms, what is read in archived rooms, and direct messages for each
    kind of person who is not in them (test_rights_invisible.py does that)."""
    if "<str:name>" not in operation.path and "<int:invitation_id>" not in operation.path:
        return case.room == "public" and case.person in ("member", "stranger", "staff", "bot")
    if case.direct:
        return case.person in ("member", "blocked", "stranger", "staff", "bot")
    return case.open or operation.method != "GET"


def fits(operation: Operation, found: str, expected: str) -> bool:
    """A form that is refused says so in words, on the page that it leads back to."""
    is_form = not operation.is_api and operation.method == "POST"
    return found == expected or (is_form and found == "ok")
