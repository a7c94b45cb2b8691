"""What the pages show, from what the timeline reads: rows of messages, and the rooms at the side."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from functools import cache, lru_cache
from itertools import groupby

from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.models import User
from accounts.time_zones import find_time_zone
from presence import sync_client

from ..kernel.errors import ChatError
from ..models import Membership, MessageKind, PersonalInvitation, Room, RoomKind
from ..queries.inbox import unread_counts
from ..queries.own_rooms import by_position, first_rooms_of
from ..services.personal_invitations import pending_for
from .js_strings import client_texts
from .render_cache import RenderedMessage

# Messages of one author within it stand together; static/js/state/grouping.js has the same.
GROUP_WINDOW = timedelta(minutes=5)
MAX_SIDEBAR_ROOMS, MAX_SIDEBAR_DIRECT = 200, 100  # each has its own places, so that neither pushes the other out
_NO_COUNTS: Mapping[str, int] = {}
_NO_USERS: frozenset[int] = frozenset()
_PLACEHOLDER = "\0"  # stands in a template's text for what comes there; no text holds it


def render_log(
    messages: list[RenderedMessage], me: int, read_seq: int, blocked: frozenset[int] = _NO_USERS
) -> tuple[SafeString, int | None]:
    """The messages as they stand on the page: days with a heading, groups, a line above what is new for this reader;
    and the id of the message under that line, if there is one. What people in `blocked` say is folded."""
    pieces: list[tuple[int | None, str]] = []  # (the sender, where it is to be folded, html)
    previous: RenderedMessage | None = None
    new_id: int | None = None
    answered = {message.reply_to_id for message in messages}
    for message in messages:
        if message.deleted and message.id not in answered:  # nobody misses it
            classes = _css_classes(message, previous, me, follows=False)
            pieces.append((None, f"{message.html[0]}{classes} gone{message.html[1]}"))
            continue
        folded = message.sender_id in blocked and message.kind != MessageKind.NOTICE
        new_day = previous is None or previous.created.date() != message.created.date()
        if new_day:
            pieces.append((None, _day(message.created.date(), get_language())))
        first_new = new_id is None and message.first_seq > read_seq and message.sender_id != me and not folded
        if first_new:
            new_id = message.id
            pieces.append((None, _new_line(get_language())))
        follows = previous is not None and not new_day and not first_new and continues_group(previous, message)
        before, after = message.html
        html = f"{before}{_css_classes(message, previous, me, follows)}{after}"
        pieces.append((message.sender_id if folded else None, html))
        previous = message
    return mark_safe("".join(_folded(pieces))), new_id  # noqa: S308 - all of it comes from templates


def _folded(pieces: list[tuple[int | None, str]]) -> Iterator[str]:
    """What is to be folded, in runs under one line each; the rest as it is."""
    for is_folded, group in groupby(pieces, key=lambda piece: piece[0] is not None):
        run = list(group)
        html = "".join(piece for _sender, piece in run)
        before, after = (
            _fold(len(run), len({sender for sender, _html in run}) > 1, get_language()) if is_folded else ("", "")
        )
        yield f"{before}{html}{after}"


@lru_cache(400)
def _fold(count: int, several: bool, _language: str | None) -> tuple[str, str]:
    """What stands before and after `count` folded messages; several: of more than one person."""
    texts = client_texts()
    text = texts["foldedSeveral"] if several else texts["folded"][count > 1]
    html = get_template("rooms/_fold.html").render({"text": text.format(count=count), "messages": _PLACEHOLDER})
    before, _, after = html.partition(_PLACEHOLDER)
    return before, after


def continues_group(previous: RenderedMessage, message: RenderedMessage) -> bool:
    """Whether a message stands in the group of the one before it."""
    return (
        previous.sender_id == message.sender_id
        and previous.kind == message.kind != MessageKind.NOTICE
        and not message.reply_to_id
        and message.created - previous.created < GROUP_WINDOW
    )


def _css_classes(message: RenderedMessage, previous: RenderedMessage | None, me: int, follows: bool) -> str:
    is_bot = message.kind == MessageKind.BOT
    flags = {
        "follows": follows,
        "mine": message.sender_id == me,
        "is-bot": is_bot,
        "is-notice": message.kind == MessageKind.NOTICE,
        "for-me": me in message.mentions,
        "deleted": message.deleted,
        # a bot's reply right under its question needs no quote
        "answers": is_bot and previous is not None and previous.id == message.reply_to_id,
    }
    return " ".join(name for name, on in flags.items() if on)


@lru_cache(400)
def _day(day: date, _language: str | None) -> str:
    return get_template("rooms/_day.html").render({"day": day})


@cache
def _new_line(_language: str | None) -> str:
    return get_template("rooms/_new_line.html").render()


@dataclass(frozen=True, slots=True)
class SidebarEntry:
    """A room or direct message in the sidebar and in lists."""

    id: int
    name: str
    title: str
    address: str
    icon: str
    topic: str
    other: User | None  # the other person of a direct message
    unread: int
    mentions: int  # of them, how many stand in the inbox
    classes: str
    here: int  # how many people are in the room; not for direct messages
    starred: bool
    position: int  # in the order that the person has chosen, from 1; 0: none

    @property
    def badge(self) -> str:
        return "" if not self.unread else str(self.unread) if self.unread < 100 else "99+"


@dataclass(frozen=True, slots=True)
class Sidebar:
    """What stands in the sidebar: rooms in the order that the person chose, direct messages the latest first."""

    starred: list[SidebarEntry]
    rooms: list[SidebarEntry]  # the others
    direct_messages: list[SidebarEntry]  # with people
    bots: list[SidebarEntry]  # direct messages with them
    invitations: list[PersonalInvitation]  # that wait for an answer
    inbox: int  # how many notifications are unread


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
    )


def _count_people(rooms: Iterable[Room]) -> dict[str, int]:
    return sync_client.get_counts([room.name for room in rooms if not room.is_direct])


def _entry(
    room: Room, other: User | None = None, here: int | None = None, counts: Mapping[str, int] = _NO_COUNTS
) -> SidebarEntry:
    unread = 0 if room.id == here else getattr(room, "unread", 0)
    flags = {
        "unread": unread,
        "mentioned": unread and (other or getattr(room, "mentioned", False)),
        "is-muted": bool(getattr(room, "muted", False)),
    }
    return SidebarEntry(
        id=room.id,
        name=room.name,
        title=other.shown_name if other else room.title,
        address=_url("direct_message", other.username) if other else _url("room", room.name),
        icon="lock" if room.kind == RoomKind.PRIVATE else "hash",
        topic=room.topic,
        other=other,
        unread=unread,
        mentions=0 if room.id == here else getattr(room, "mentions", 0),
        classes=" ".join(name for name, on in flags.items() if on),
        here=counts.get(room.name, 0),
        starred=bool(getattr(room, "starred", False)),
        position=getattr(room, "position", 0),
    )


def _url(view: str, name: str) -> str:
    """What reverse() gives, for names that need no quoting, as these do not; it costs 30 µs each time."""
    return _url_pattern(view).replace("NAME", name)


@cache
def _url_pattern(view: str) -> str:
    return reverse(view, args=["NAME"])


def _other_members(rooms: list[Room], me: int) -> dict[int, User]:
    if not rooms:
        return {}
    places = Membership.objects.filter(room__in=rooms).exclude(user_id=me).select_related("user")
    return {place.room_id: place.user for place in places}


def get_entries(rooms: list[Room], user: User, counted: bool = False) -> dict[int, SidebarEntry]:
    """How these rooms are shown to somebody, by id. counted: with how many people are in them now."""
    others = _other_members([room for room in rooms if room.is_direct], user.id)
    counts = _count_people(rooms) if counted else _NO_COUNTS
    return {room.id: _entry(room, others.get(room.id), counts=counts) for room in rooms}


def get_people_entries(people: list[User]) -> list[SidebarEntry]:
    """How people are shown to somebody who could write to them."""
    return [_entry(Room(kind=RoomKind.DIRECT), person) for person in people]


def get_time_zone(request) -> tzinfo:
    """The time zone that the browser told in a cookie, so that days begin where the reader's do."""
    return find_time_zone(request.COOKIES.get("zone", "")) or timezone.get_default_timezone()


def render_not_found(request, sentence: str = ""):
    """Absent and not for you look the same."""
    return render(request, "404.html", {"sentence": sentence}, status=404)


def render_refusal(request, error: ChatError):
    """What cannot be opened: a page in words. Whatever is wrong with its name, nothing is there; too much is 429."""
    if error.code != "rate_limited":
        return render_not_found(request, error.message)
    response = render(request, "rooms/refused.html", {"sentence": error.message}, status=error.status)
    response["Retry-After"] = str(max(1, round(error.retry_after or 0)))
    return response
