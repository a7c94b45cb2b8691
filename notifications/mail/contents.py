"""What a digest says: for each room, what is unread now and its reader may see."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.mail.links import absolute_url
from accounts.models import User
from rooms.models import Notification
from rooms.queries.serializers import excerpt_of
from site_settings import current

from ..models import Digest, mail_settings_of
from .kinds import MailKind, mail_kind_of, wanted_kinds

MAX_ROOMS, MAX_ENTRIES = 10, 5
EXCERPT = 300  # characters
# By kind of notification. Of the other kinds the name alone says enough: somebody wrote.
_ACTIONS: dict[str, Callable[[], str]] = {
    "mention": lambda: _("%(name)s mentioned you"),
    "reply": lambda: _("%(name)s replied to you"),
    "answer": lambda: _("%(name)s answered your question"),
    "here": lambda: _("%(name)s called everyone who is here"),
    "room": lambda: _("%(name)s called everyone in the room"),
    "group": lambda: _("%(name)s mentioned a group of yours"),
    "keyword": lambda: _("%(name)s wrote one of your words"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    action: str  # "Bob mentioned you", "Bob"
    excerpt: str
    created: datetime
    address: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a model says of a room."""

    text: str
    by: str  # the user name of its bot


@dataclass(frozen=True, slots=True)
class Part:
    """The part about one room, or one direct conversation."""

    name: str
    title: str
    is_direct: bool
    address: str
    entries: list[Entry]  # what is meant for the reader first, then the newest first; at most MAX_ENTRIES
    count: int  # of all unread notifications, with those that are not in `entries`
    kinds: frozenset[MailKind]
    summary: Summary | None = None

    @property
    def more(self) -> int:
        """How many are unread beside those that are shown."""
        return self.count - len(self.entries)


def shows_content(user: User) -> bool:
    """Whether mails to this person say who wrote what."""
    return current.flag("MAIL_CONTENT") and mail_settings_of(user.pk).content


def collect_parts(user: User, digest: Digest) -> list[Part]:
    """The rooms where something is meant for the reader first, then the newest first. Empty when nothing is unread."""
    rows = Notification.objects.calling().filter(
        pk__in=digest.items.values("notification"), user=user, kind__in=wanted_kinds(mail_settings_of(user.pk))
    )
    by_room: dict[int, list[Any]] = defaultdict(list)
    named: Iterable[Any] = rows.values_list("pk", "room_id", "kind", "created", named=True)
    for row in sorted(named, key=_order):
        by_room[row.room_id].append(row)
    rooms = sorted(by_room.values(), key=lambda found: _order(found[0]))
    # Of a busy room there are thousands; with all that they name only those are read that are shown.
    wanted = [row.pk for found in rooms for row in found[:MAX_ENTRIES]]
    loaded = Notification.objects.select_related("room", "actor", "message__sender").in_bulk(wanted)
    parts = [(found, [loaded[row.pk] for row in found[:MAX_ENTRIES] if row.pk in loaded]) for found in rooms]
    return [_part(found, shown) for found, shown in parts if shown]


def _order(row: Any) -> tuple[bool, float]:
    return mail_kind_of(row.kind) == MailKind.ROOMS, -row.created.timestamp()


def _part(rows: Sequence[Any], shown: Sequence[Notification]) -> Part:
    """shown: the first of these rows, with all that they name."""
    room = shown[0].room
    address = absolute_url(reverse("room", args=[room.name]))
    if shown[0].message is None:  # they may not be in the room
        address = _address_without_message(shown[0])
    return Part(
        name=room.name,
        title=shown[0].actor.shown_name if room.is_direct else shown[0].title or room.title,
        is_direct=room.is_direct,
        address=address,
        entries=[_entry(row, address) for row in shown],
        count=len(rows),
        kinds=frozenset(filter(None, (mail_kind_of(row.kind) for row in rows))),
    )


def _address_without_message(row: Notification) -> str:
    return absolute_url(reverse("invitations" if row.kind == "invitation" else "inbox"))


def _entry(row: Notification, room_address: str) -> Entry:
    if row.message is None:
        return Entry(row.sentence, "", row.created, _address_without_message(row))
    action = _ACTIONS[row.kind]() % {"name": row.actor.shown_name} if row.kind in _ACTIONS else row.actor.shown_name
    link = f"{room_address}?around={row.message_id}#m{row.message_id}"
    return Entry(action, excerpt_of(row.message, EXCERPT), row.created, link)
