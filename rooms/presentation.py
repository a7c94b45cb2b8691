"""What the pages show, from what the timeline reads: rows of messages, and the rooms at the side."""

from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.shortcuts import render
from django.utils import timezone

from accounts.models import User

from .client_texts import client_texts
from .models import UNFINISHED, Kind, Membership, Message, MessageKind, Room, State
from .templatetags.people import hue, initials
from .timeline import rooms_of
from .wire import message_event

GROUP = timedelta(minutes=5)  # messages of one author within it stand together; static/js/grouping.js has the same
SIDE_ROOMS = 200


def rows(messages: list[Message], me: int, zone: tzinfo, read_seq: int | None = None) -> list[dict]:
    """Each message as its wire event with what the partial adds: day, grouping, the line where the new ones begin.

    read_seq: my read position; the first message of somebody else after it gets `is_new`. None: no such line.
    """
    found, previous, seen_new = [], None, read_seq is None
    for message in messages:
        created = message.created.astimezone(zone)
        row = message_event(message) | {
            "day": None if previous and previous.created.astimezone(zone).date() == created.date() else created.date(),
            "clock": f"{created:%H:%M}",
            "is_new": not seen_new and message.first_seq > read_seq and message.sender_id != me,
            "initials": initials(message.sender.username),
            "hue": hue(message.sender_id),
        }
        seen_new = seen_new or row["is_new"]
        row["follows"] = not row["day"] and not row["is_new"] and previous is not None and continues(previous, message)
        row["quoted"] = bool(message.reply_to_id and not message.deleted and not _answers(message, previous))
        row["plain"] = not message.html or message.state in UNFINISHED
        row["status"] = _status(message)
        row["classes"] = _classes(row, me)
        found.append(row)
        previous = message
    return found


def continues(previous: Message, message: Message) -> bool:
    """Whether a message stands in the group of the one before it."""
    return (
        previous.sender_id == message.sender_id
        and previous.kind == message.kind != MessageKind.NOTICE
        and not message.reply_to_id
        and message.created - previous.created < GROUP
    )


def without_html(row: dict) -> dict:
    """The wire event of a row for the client's state; its html is read from the page, where it stands already."""
    return {name: value for name, value in row.items() if name not in _ADDED}


_ADDED = {"html", "day", "clock", "is_new", "initials", "hue", "follows", "quoted", "plain", "status", "classes"}


def _answers(message: Message, previous: Message | None) -> bool:
    """A bot's reply right under its question needs no quote."""
    return message.kind == MessageKind.BOT and previous is not None and previous.id == message.reply_to_id


def _status(message: Message) -> str:
    texts = client_texts()
    if message.deleted:
        return texts["deleted"]
    if message.state == State.COMPLETE or message.note:
        return ""
    return texts.get(_STATUS.get(message.state), "")


_STATUS = {State.QUEUED: "thinking", State.STOPPED: "stopped", State.FAILED: "noReply"}


def _classes(row: dict, me: int) -> str:
    flags = {
        "follows": row["follows"],
        "mine": row["sender"]["id"] == me,
        "is-bot": row["kind"] == MessageKind.BOT,
        "is-notice": row["kind"] == MessageKind.NOTICE,
        "for-me": me in row["mentions"],
        "deleted": row["deleted"],
    }
    return " ".join(["message", *(name for name, on in flags.items() if on)])


@dataclass
class Side:
    """What stands in the sidebar."""

    rooms: list[Room] = field(default_factory=list)
    talks: list[Room] = field(default_factory=list)  # each with `other`, the person at the other end

    def find(self, room_id: int) -> Room | None:
        return next((room for room in (*self.rooms, *self.talks) if room.id == room_id), None)


def side(user: User) -> Side:
    found = list(rooms_of(user.id)[:SIDE_ROOMS])
    talks = [room for room in found if room.is_direct]
    others = _others(talks, user.id)
    for talk in talks:
        talk.other = others[talk.id]
    rooms = sorted((room for room in found if not room.is_direct), key=lambda room: room.title.casefold())
    return Side(rooms, talks)


def _others(talks: list[Room], me: int) -> dict[int, User]:
    if not talks:
        return {}
    places = Membership.objects.filter(room__in=talks).exclude(user_id=me).select_related("user")
    return {place.room_id: place.user for place in places}


def public_rooms(user: User, limit: int = 50) -> list[Room]:
    """Public rooms that this person does not belong to, the liveliest first."""
    mine = Membership.objects.filter(user_id=user.id).values("room")
    return list(Room.objects.filter(kind=Kind.PUBLIC).exclude(pk__in=mine).order_by("-active")[:limit])


def zone_of(request) -> tzinfo:
    """The time zone that the browser told in a cookie, so that days begin where the reader's do."""
    try:
        return ZoneInfo(request.COOKIES.get("zone", ""))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return timezone.get_default_timezone()


def missing(request, sentence: str = ""):
    """Absent and not for you look the same."""
    return render(request, "404.html", {"sentence": sentence}, status=404)
