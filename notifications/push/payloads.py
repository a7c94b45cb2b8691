"""What a device is sent: JSON for the service worker (wire.py), in the language of the person who reads it."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.preferences import preferences_of
from rooms.kernel.protocol import timestamp
from rooms.models import Notification, NotificationKind, Room, RoomKind
from rooms.queries.serializers import excerpt_of
from site_settings import current

from ..models import PushDelivery
from .wire import Close, Show, Words

# Titles of what happens in rooms. "{name} in {room}" is that of all other kinds; in direct messages the name suffices.
_TITLES: Mapping[str, str | Promise] = {
    NotificationKind.MENTION: gettext_lazy("{name} mentioned you in {room}"),
    NotificationKind.REPLY: gettext_lazy("{name} replied to you in {room}"),
    NotificationKind.ANSWER: gettext_lazy("{name} answered your question in {room}"),
    NotificationKind.HERE: gettext_lazy("{name} called everyone who is here in {room}"),
    NotificationKind.ROOM: gettext_lazy("{name} called everyone in {room}"),
    NotificationKind.GROUP: gettext_lazy("{name} mentioned a group of yours in {room}"),
    NotificationKind.KEYWORD: gettext_lazy("{name} wrote one of your words in {room}"),
}
MAX_TITLE, MAX_BODY = 120, 300  # characters: of four bytes at most, and half of what a payload may have


def tag_of(room: Room | None, notification_id: int) -> str:
    """A device shows one notification for each tag: a newer one replaces the older one."""
    return f"room:{room.name}" if room else f"notification:{notification_id}"


def show(delivery: PushDelivery, row: Notification, unread: int, badge: int, content: bool) -> bytes:
    """A push that shows this notification.

    unread: how many messages are unread in its room. badge: how many notifications are unread in all. content: whether
    the push may say who wrote what.
    """
    user, room = delivery.user, row.room
    with translation.override(preferences_of(user).language or delivery.subscription.language or None):
        title, body = _words(row) if content else (current.text("SERVER_NAME"), _("New message"))
        push = Show(
            id=row.pk,
            tag=tag_of(room, row.pk),
            kind=row.kind,
            title=title[:MAX_TITLE],
            body=body[:MAX_BODY],
            url=_address(row),
            room=room.name if room else "",
            message=row.message_id,
            count=unread,
            badge=badge,
            icon=row.actor.avatar if content else "",
            at=timestamp(row.created),
            words=Words(reply=_("Reply"), read=_("Mark as read"), failed=_("Your reply was not sent.")),
        )
    return push.encode()


def close(tags: list[str], badge: int) -> bytes:
    """A push that removes what these tags show. badge: as for `show`."""
    return Close(tags=tags, badge=badge).encode()


def test_message(language: str) -> bytes:
    """A push that shows that pushes arrive. language: a code, or empty for the server's own."""
    with translation.override(language or None):
        body = _("This device shows notifications.")
    url = reverse("settings_notifications")
    return Show(id=0, tag="test", kind="test", title=current.text("SERVER_NAME"), body=body, url=url, icon="").encode()


def _words(row: Notification) -> tuple[str, str]:
    """Title and text."""
    if row.message is None:
        return row.sentence, ""
    name, room = row.actor.shown_name, row.room
    title = name
    if room and room.kind != RoomKind.DIRECT:
        words = _TITLES.get(row.kind) or _("{name} in {room}")
        title = str(words).format(name=name, room=room.title)
    text = excerpt_of(row.message, MAX_BODY)
    if row.kind == NotificationKind.REACTION:
        return title, _("Reacted to: %(text)s") % {"text": text}
    return title, text or _("New message")


def _address(row: Notification) -> str:
    if row.message_id is None:
        return reverse("invitations" if row.kind == NotificationKind.INVITATION else "inbox")
    return reverse("room", args=[row.room.name]) + f"#m{row.message_id}"
