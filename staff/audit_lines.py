"""Entries of the audit log as a person reads them: with current names, and only those of rooms that they may know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from audit.acts import ACTS
from audit.models import Entry
from rooms.models import Room, RoomKind


@dataclass(frozen=True, slots=True)
class AuditLine:
    id: int
    made: datetime
    act: str
    actor: User | None  # None: a command, regular work, or an account that is gone
    actor_name: str
    person_name: str  # "": it concerns nobody in particular
    room_title: str  # "": no room
    sentence: str  # in the reader's language, without the actor


def lines(reader: User, entries: Iterable[Entry]) -> list[AuditLine]:
    """Describe entries for this reader. Makes three queries, however many entries there are."""
    found = list(entries)
    people = User.objects.in_bulk({id for each in found for id in (each.actor, each.person) if id is not None})
    rooms = Room.objects.in_bulk({each.room for each in found if each.room is not None})
    seen = set(Room.objects.visible_to(reader.pk).filter(pk__in=rooms).values_list("pk", flat=True))
    return [_line(each, people, rooms, seen) for each in found]


def _line(entry: Entry, people: dict[int, User], rooms: dict[int, Room], seen: set[int]) -> AuditLine:
    person = _name(entry.person, people) if entry.person is not None else ""
    room = _title(entry.room, rooms, seen) if entry.room is not None else ""
    named = {name: value for name, value in (("person", person), ("room", room)) if value}
    known = ACTS.get(entry.act)  # a later version may have written it
    return AuditLine(
        id=entry.pk,
        made=entry.made,
        act=entry.act,
        actor=people.get(entry.actor) if entry.actor is not None else None,
        actor_name=_("The server") if entry.actor is None else _name(entry.actor, people),
        person_name=person,
        room_title=room,
        sentence=known.text(entry.params | named) if known else entry.act,
    )


def _name(user_id: int, people: dict[int, User]) -> str:
    user = people.get(user_id)
    return f"@{user.username}" if user else _("a deleted account")


def _title(room_id: int, rooms: dict[int, Room], seen: set[int]) -> str:
    room = rooms.get(room_id)
    if room is None:
        return _("a deleted room")
    if room.kind == RoomKind.DIRECT:
        return _("a direct message")
    if room_id in seen or room.kind == RoomKind.PUBLIC:  # banned people know the name, too
        return f"#{room.title}"
    return _("a private room")
