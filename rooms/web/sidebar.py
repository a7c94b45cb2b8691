"""Rooms and people for the sidebar and for lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.urls import reverse

from accounts.models import User
from presence import sync_client

from ..models import Level, Membership, PersonalInvitation, Room, RoomKind
from ..queries.inbox import unread_counts
from ..queries.own_rooms import by_position, first_rooms_of
from ..services import report_queue
from ..services.personal_invitations import pending_for

MAX_SIDEBAR_ROOMS, MAX_SIDEBAR_DIRECT = 200, 100  # two limits, so that neither kind leaves no space for the other
_NO_COUNTS: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class SidebarEntry:
    """A room or direct message in the sidebar and in lists."""

    id: int
    name: str
    title: str
    address: str
    icon: str
    topic: str
    picture: str  # of a room: its address
    other: User | None  # the other person of a direct message
    unread: int
    mentions: int  # how many of the unread messages are in the inbox
    classes: str
    here: int  # how many people are in the room; not for direct messages
    level: str  # of Level: what notifies the person
    starred: bool
    position: int  # in the order that the person has chosen, from 1; 0: none

    @property
    def badge(self) -> str:
        """The number of unread messages as it is shown: empty for none, "99+" for more."""
        return "" if not self.unread else str(self.unread) if self.unread < 100 else "99+"


@dataclass(frozen=True, slots=True)
class Sidebar:
    """The content of the sidebar: rooms in the order that the person chose, direct messages the latest first."""

    starred: list[SidebarEntry]
    rooms: list[SidebarEntry]  # the others
    direct_messages: list[SidebarEntry]  # with people
    bots: list[SidebarEntry]  # direct messages with them
    invitations: list[PersonalInvitation]  # that wait for an answer
    inbox: int  # how many notifications are unread
    reports: int  # open reports for a moderator of the server; moderators of a room get notifications

    @property
    def has_rooms(self) -> bool:
        return bool(self.starred or self.rooms or self.direct_messages or self.bots)


def get_sidebar(user: User, here: int | None = None) -> Sidebar:
    """The rooms and direct messages of a user. here: the room that the page shows, whose messages are being read."""
    found = first_rooms_of(user.id, MAX_SIDEBAR_ROOMS, MAX_SIDEBAR_DIRECT)
    others = _other_members([room for room in found if room.is_direct], user.id)
    counts = _count_people(found)
    places = [_entry(room, others.get(room.id), here, counts) for room in found]
    rooms = sorted(
        (place for place in places if not place.other), key=lambda place: by_position(place.position, place.title)
    )
    return Sidebar(
        starred=[place for place in rooms if place.starred],
        rooms=[place for place in rooms if not place.starred],
        direct_messages=[place for place in places if place.other and not place.other.is_bot],
        bots=[place for place in places if place.other and place.other.is_bot],
        invitations=pending_for(user.id),
        inbox=unread_counts([user.id])[user.id],
        reports=report_queue.count_open(user) if report_queue.moderates_server(user) else 0,
    )


def _count_people(rooms: Iterable[Room]) -> dict[str, int]:
    return sync_client.get_counts([room.name for room in rooms if not room.is_direct])


def _entry(
    room: Room, other: User | None = None, here: int | None = None, counts: Mapping[str, int] = _NO_COUNTS
) -> SidebarEntry:
    unread, level = 0 if room.id == here else getattr(room, "unread", 0), getattr(room, "level", "")
    flags = {
        "unread": unread,
        "mentioned": unread and (other or getattr(room, "mentioned", False) or getattr(room, "mentions", 0)),
        "is-muted": getattr(room, "muted", False) or level == Level.NOTHING,
    }
    return SidebarEntry(
        id=room.id,
        name=room.name,
        title=other.shown_name if other else room.title,
        address=_url("direct_message", other.username) if other else _url("room", room.name),
        icon="lock" if room.kind == RoomKind.PRIVATE else "hash",
        topic=room.topic,
        picture=room.avatar,
        other=other,
        unread=unread,
        mentions=0 if room.id == here else getattr(room, "mentions", 0),
        classes=" ".join(name for name, on in flags.items() if on),
        here=counts.get(room.name, 0),
        level=level,
        starred=bool(getattr(room, "starred", False)),
        position=getattr(room, "position", 0),
    )


def _url(view: str, name: str) -> str:
    """As reverse(), which takes 30 µs each time, for names that need no quoting, like these."""
    return _url_pattern(view).replace("NAME", name)


@cache
def _url_pattern(view: str) -> str:
    return reverse(view, args=["NAME"])


def _other_members(rooms: list[Room], me: int) -> dict[int, User]:
    if not rooms:
        return {}
    places = Membership.objects.filter(room__in=rooms).exclude(user_id=me).select_related("user")
    return {place.room_id: place.user for place in places}


def get_open_entries(user: User) -> dict[str, SidebarEntry]:
    """Rooms of this person that are not archived, by name: rooms by title, then direct messages, the latest first."""
    found = first_rooms_of(user.id, MAX_SIDEBAR_ROOMS, MAX_SIDEBAR_DIRECT)
    open_ones = [room for room in found if not room.archived]
    entries = get_entries(open_ones, user)
    in_order = sorted(open_ones, key=lambda room: "" if room.is_direct else entries[room.id].title.lower())
    return {room.name: entries[room.id] for room in in_order}


def get_entries(rooms: list[Room], user: User, counted: bool = False) -> dict[int, SidebarEntry]:
    """How these rooms are shown to somebody, by id. counted: with how many people are in them now."""
    others = _other_members([room for room in rooms if room.is_direct], user.id)
    counts = _count_people(rooms) if counted else _NO_COUNTS
    return {room.id: _entry(room, others.get(room.id), counts=counts) for room in rooms}


def get_people_entries(people: list[User]) -> list[SidebarEntry]:
    """How people are shown to somebody who could write to them."""
    return [_entry(Room(kind=RoomKind.DIRECT), person) for person in people]
