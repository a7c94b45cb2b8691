"""What a device is told: JSON for the service worker, in the language of whoever reads it."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.preferences import preferences_of
from rooms.kernel.protocol import encode, timestamp
from rooms.models import Notification, NotificationKind, Room, RoomKind
from rooms.queries.serializers import excerpt_of

from ..models import PushDelivery
from .encryption import MAX_PAYLOAD

SITE = "Roundtable"
# Of what happens in rooms, where it is more than to write. In direct messages a name says enough.
_TITLES: Mapping[str, str | Promise] = {
    NotificationKind.MENTION: gettext_lazy("{name} mentioned you in {room}"),
    NotificationKind.REPLY: gettext_lazy("{name} replied to you in {room}"),
    NotificationKind.ANSWER: gettext_lazy("{name} answered your question in {room}"),
    NotificationKind.HERE: gettext_lazy("{name} called everyone who is here in {room}"),
    NotificationKind.ROOM: gettext_lazy("{name} called everyone in {room}"),
    NotificationKind.GROUP: gettext_lazy("{name} mentioned a group of yours in {room}"),
}
MAX_TITLE, MAX_BODY = 120, 300  # characters: of four bytes at most, and half of what a payload may have


def tag_of(room: Room | None, notification_id: int) -> str:
    """What a device shows once: a newer one takes the place of an older one with the same."""
    return f"room:{room.name}" if room else f"notification:{notification_id}"


def show(delivery: PushDelivery, row: Notification, unread: int, badge: int, content: bool) -> bytes:
    """unread: messages in its room; badge: notifications in all. content: whether it may say who and what."""
    user, room = delivery.user, row.room
    with translation.override(preferences_of(user).language or delivery.subscription.language or None):
        title, body = _words(row) if content else (SITE, _("New message"))
        fields: dict[str, Any] = {
            "type": "show",
            "id": row.pk,
            "tag": tag_of(room, row.pk),
            "kind": row.kind,
            "title": title[:MAX_TITLE],
            "body": body[:MAX_BODY],
            "url": _address(row),
            "room": room.name if room else "",
            "message": row.message_id,
            "count": unread,
            "badge": badge,
            "icon": row.actor.avatar if content else "",  # empty: the service worker has one
            "at": timestamp(row.created),
            "words": {"reply": _("Reply"), "read": _("Mark as read"), "failed": _("Your reply was not sent.")},
        }
    return _encode(fields)


def close(tags: list[str], badge: int) -> bytes:
    return _encode({"type": "close", "tags": tags, "badge": badge})


def test_message(language: str) -> bytes:
    with translation.override(language or None):
        body = _("This device shows notifications.")
    fields = {"type": "show", "id": 0, "tag": "test", "kind": "test", "title": SITE, "body": body}
    return _encode(fields | {"url": reverse("settings_notifications"), "icon": ""})


def _encode(fields: Mapping[str, Any]) -> bytes:
    data = encode({"v": 1, **fields}).encode()
    if len(data) > MAX_PAYLOAD:
        raise ValueError(f"a push of {len(data)} bytes")
    return data


def _words(row: Notification) -> tuple[str, str]:
    """Title and text."""
    name, room = row.actor.shown_name, row.room
    title = name
    if room and room.kind != RoomKind.DIRECT:
        words = _TITLES.get(row.kind) or _("{name} in {room}")
        title = str(words).format(name=name, room=room.title)
    text = excerpt_of(row.message, MAX_BODY) if row.message else ""
    if row.kind == NotificationKind.REACTION:
        return title, _("Reacted to: %(text)s") % {"text": text}
    return title, text or _("New message")


def _address(row: Notification) -> str:
    if row.room is None:
        return reverse("inbox")
    return reverse("room", args=[row.room.name]) + (f"#m{row.message_id}" if row.message_id else "")
