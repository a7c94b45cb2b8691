"""What the pages show, from what the timeline reads: rows of messages, and the rooms at the side."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from functools import cache, lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.models import User
from presence import sync_client

from ..kernel.errors import ChatError
from ..models import Membership, MessageKind, PersonalInvitation, Room, RoomKind
from ..queries.history import first_rooms_of
from ..services.personal_invitations import pending_for
from .js_strings import client_texts
from .render_cache import Drawn

# Messages of one author within it stand together; static/js/state/grouping.js has the same.
GROUP = timedelta(minutes=5)
SIDE_ROOMS, SIDE_DIRECT = 200, 100  # each has its own places, so that neither pushes the other out
_NOBODY: Mapping[str, int] = {}
_NOBODY_AT_ALL: frozenset[int] = frozenset()
_HERE = "\0"  # stands in a template's text for what comes there; no text holds it


def log(
    pictures: list[Drawn], me: int, read_seq: int, blocked: frozenset[int] = _NOBODY_AT_ALL
) -> tuple[SafeString, int | None]:
    """The messages as they stand on the page: days with a heading, groups, a line above what is new for this reader;
    and the id of the message under that line, if there is one. What people in `blocked` say is folded."""
    pieces: list[tuple[int | None, str]] = []  # (the sender, where it is to be folded, html)
    previous: Drawn | None = None
    new_id: int | None = None
    for picture in pictures:
        folded = picture.sender_id in blocked and picture.kind != MessageKind.NOTICE
        new_day = previous is None or previous.created.date() != picture.created.date()
        if new_day:
            pieces.append((None, _day(picture.created.date(), get_language())))
        first_new = new_id is None and picture.first_seq > read_seq and picture.sender_id != me and not folded
        if first_new:
            new_id = picture.id
            pieces.append((None, _new_line(get_language())))
        follows = previous is not None and not new_day and not first_new and continues(previous, picture)
        before, after = picture.html
        html = f"{before}{_classes(picture, previous, me, follows)}{after}"
        pieces.append((picture.sender_id if folded else None, html))
        previous = picture
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
    html = get_template("rooms/_fold.html").render({"text": text.format(count=count), "messages": _HERE})
    before, _, after = html.partition(_HERE)
    return before, after


def continues(previous: Drawn, picture: Drawn) -> bool:
    """Whether a message stands in the group of the one before it."""
    return (
        previous.sender_id == picture.sender_id
        and previous.kind == picture.kind != MessageKind.NOTICE
        and not picture.reply_to_id
        and picture.created - previous.created < GROUP
    )


def _classes(picture: Drawn, previous: Drawn | None, me: int, follows: bool) -> str:
    is_bot = picture.kind == MessageKind.BOT
    flags = {
        "follows": follows,
        "mine": picture.sender_id == me,
        "is-bot": is_bot,
        "is-notice": picture.kind == MessageKind.NOTICE,
        "for-me": me in picture.mentions,
        "deleted": picture.deleted,
        # a bot's reply right under its question needs no quote
        "answers": is_bot and previous is not None and previous.id == picture.reply_to_id,
    }
    return " ".join(name for name, on in flags.items() if on)


@lru_cache(400)
def _day(day: date, _language: str | None) -> str:
    return get_template("rooms/_day.html").render({"day": day})


@cache
def _new_line(_language: str | None) -> str:
    return get_template("rooms/_new_line.html").render()


@dataclass(frozen=True, slots=True)
class Place:
    """A room or talk at the side and in lists."""

    id: int
    name: str
    title: str
    address: str
    icon: str
    topic: str
    other: User | None  # the person at the other end of a talk
    unread: int
    classes: str
    here: int  # how many people are in the room; not said of talks

    @property
    def badge(self) -> str:
        return "" if not self.unread else str(self.unread) if self.unread < 100 else "99+"


@dataclass(frozen=True, slots=True)
class Side:
    """What stands in the sidebar."""

    rooms: list[Place]
    talks: list[Place]
    invitations: list[PersonalInvitation]  # that wait for an answer


def side(user: User, here: int | None = None) -> Side:
    """The rooms and talks of a person. here: the room that the page shows, whose messages are being read."""
    found = first_rooms_of(user.id, SIDE_ROOMS, SIDE_DIRECT)
    others = _others([room for room in found if room.is_direct], user.id)
    counts = _people_in(found)
    places = [_place(room, others.get(room.id), here, counts) for room in found]
    rooms = sorted((place for place in places if not place.other), key=lambda place: place.title.casefold())
    return Side(rooms, [place for place in places if place.other], pending_for(user.id))


def _people_in(rooms: Iterable[Room]) -> dict[str, int]:
    return sync_client.get_counts([room.name for room in rooms if not room.is_direct])


def _place(
    room: Room, other: User | None = None, here: int | None = None, counts: Mapping[str, int] = _NOBODY
) -> Place:
    unread = 0 if room.id == here else getattr(room, "unread", 0)
    flags = {
        "unread": unread,
        "mentioned": unread and (other or getattr(room, "mentioned", False)),
        "is-muted": bool(getattr(room, "muted", False)),
    }
    return Place(
        id=room.id,
        name=room.name,
        title=other.username if other else room.title,
        address=_address("talk", other.username) if other else _address("room", room.name),
        icon="lock" if room.kind == RoomKind.PRIVATE else "hash",
        topic=room.topic,
        other=other,
        unread=unread,
        classes=" ".join(name for name, on in flags.items() if on),
        here=counts.get(room.name, 0),
    )


def _address(view: str, name: str) -> str:
    """What reverse() gives, for names that need no quoting, as these do not; it costs 30 µs each time."""
    return _pattern(view).replace("NAME", name)


@cache
def _pattern(view: str) -> str:
    return reverse(view, args=["NAME"])


def _others(talks: list[Room], me: int) -> dict[int, User]:
    if not talks:
        return {}
    places = Membership.objects.filter(room__in=talks).exclude(user_id=me).select_related("user")
    return {place.room_id: place.user for place in places}


def public_rooms(user: User, limit: int = 50) -> list[Place]:
    """Public rooms that this person does not belong to, the liveliest first."""
    mine = Membership.objects.filter(user_id=user.id).values("room")
    found = Room.objects.filter(kind=RoomKind.PUBLIC, closed=False).exclude(pk__in=mine).order_by("-active")[:limit]
    counts = _people_in(found)
    return [_place(room, counts=counts) for room in found]


def places(rooms: list[Room], user: User) -> dict[int, Place]:
    """How these rooms are shown to somebody, by id."""
    others = _others([room for room in rooms if room.is_direct], user.id)
    return {room.id: _place(room, others.get(room.id)) for room in rooms}


def people_places(people: list[User]) -> list[Place]:
    """How people are shown to somebody who could write to them."""
    return [_place(Room(kind=RoomKind.DIRECT), person) for person in people]


def zone_of(request) -> tzinfo:
    """The time zone that the browser told in a cookie, so that days begin where the reader's do."""
    try:
        return ZoneInfo(request.COOKIES.get("zone", ""))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return timezone.get_default_timezone()


def missing(request, sentence: str = ""):
    """Absent and not for you look the same."""
    return render(request, "404.html", {"sentence": sentence}, status=404)


def refused(request, error: ChatError):
    """What cannot be opened: a page in words. Whatever is wrong with its name, nothing is there; too much is 429."""
    if error.code != "rate_limited":
        return missing(request, error.message)
    response = render(request, "rooms/refused.html", {"sentence": error.message}, status=error.status)
    response["Retry-After"] = str(max(1, round(error.retry_after or 0)))
    return response
