"""All that the server holds about one person, and that they could see themselves, in sections: to be handed out.

Everything is read in portions, each a query of its own, so that neither memory nor a transaction grows with what
somebody has written. Apps above add their sections through the signal `personal_data_wanted`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.privacy.personal_data import export_account, export_second_factors, export_sessions, export_tokens
from presence import sync_client

from ..kernel import signals
from ..models import (
    AskBeforeAdding,
    Block,
    Invitation,
    Membership,
    Message,
    PersonalInvitation,
    Reaction,
    Room,
    RoomKind,
)
from ..services import contact_permissions
from ..services.personal_invitations import pending_for

PORTION = 200  # rows in one query


@dataclass(frozen=True, slots=True)
class Section:
    key: str  # its name in JSON
    title: object  # its heading in Markdown, translated when it is shown
    rows: (
        dict | Iterable[dict | None]
    )  # values: str, int, bool, None or datetime; None: nothing yet, after much reading


def sections_of(user: User) -> Iterator[Section]:
    """In the order in which they are handed out. The rows are read while they are iterated over."""
    yield Section("account", _("Account"), export_account(user) | _last_seen(user))
    yield Section("settings", _("Settings"), _settings(user))
    yield Section("tokens", _("Tokens for scripts"), export_tokens(user))
    yield Section("second_factors", _("Two-factor authentication"), export_second_factors(user))
    yield Section("signed_in_browsers", _("Signed-in browsers"), export_sessions(user))
    yield Section("rooms", _("Rooms"), _rooms(user))
    yield Section("rooms_left", _("Rooms you left or declined to join"), _rooms_left(user))
    yield Section("invitation_links", _("Invitation links you made"), _links(user))
    yield Section("invitations_sent", _("Invitations you sent"), _invitations_sent(user))
    yield Section("invitations_waiting", _("Pending invitations"), _invitations_waiting(user))
    yield Section("blocked_people", _("Blocked people"), _blocked(user))
    yield Section("messages", _("Messages in rooms"), _messages(user))
    yield Section("reactions", _("Reactions"), _reactions(user))
    yield Section("direct_messages", _("Direct messages"), _direct_messages(user))
    for added in signals.answers(signals.personal_data_wanted, User, user=user):
        yield from added


def in_portions(rows: QuerySet) -> Iterator[list]:
    """The rows by their primary keys, PORTION at a time."""
    rows, last = rows.order_by("pk"), None
    while portion := list((rows if last is None else rows.filter(pk__gt=last))[:PORTION]):
        yield portion
        last = portion[-1].pk


def visible_titles(user: User, room_ids: Iterable[int | None]) -> dict[int, str]:
    """Titles by id of those of these rooms that the person can see now."""
    return dict(
        Room.objects.visible_to(user.pk)
        .filter(pk__in={id for id in room_ids if id is not None})
        .values_list("pk", "title")
    )


def _last_seen(user: User) -> dict:
    found = (sync_client.get_status([user.pk]) or {}).get(user.pk)
    return {"last_seen": datetime.fromtimestamp(found.seen, UTC) if found and found.seen else None}


def _settings(user: User) -> dict:
    chosen = contact_permissions.settings_of(user.pk)
    return {name: getattr(chosen, name) for name in contact_permissions.SETTINGS}


def _rooms(user: User) -> Iterator[dict]:
    places = (
        Membership.objects.filter(user=user, banned=False).exclude(room__kind=RoomKind.DIRECT).select_related("room")
    )
    for portion in in_portions(places):
        for place in portion:
            yield {
                "room": place.room.title,
                "address": place.room.name,
                "kind": place.room.kind,
                "role": place.role,
                "joined": place.joined,
                "muted": place.muted,
                "created_by_me": place.room.created_by_id == user.pk,
            }


def _rooms_left(user: User) -> Iterator[dict]:
    for portion in in_portions(AskBeforeAdding.objects.filter(user=user)):
        titles = visible_titles(user, [each.room_id for each in portion])
        yield from ({"room": titles.get(each.room_id), "since": each.created} for each in portion)


def _links(user: User) -> Iterator[dict]:
    for portion in in_portions(Invitation.objects.filter(created_by=user)):
        titles = visible_titles(user, [each.room_id for each in portion])
        for link in portion:
            yield {
                "room": titles.get(link.room_id),
                "created": link.created,
                "expires": link.expires,
                "uses": link.uses,
                "max_uses": link.max_uses,
            }


def _invitations_sent(user: User) -> Iterator[dict]:
    """Without what became of them, which the inviter is not told."""
    for portion in in_portions(PersonalInvitation.objects.filter(inviter=user).select_related("user")):
        titles = visible_titles(user, [each.room_id for each in portion])
        for sent in portion:
            yield {"person": sent.user.username, "room": titles.get(sent.room_id), "created": sent.created}


def _invitations_waiting(user: User) -> Iterator[dict]:
    for waiting in pending_for(user.pk):
        yield {"person": waiting.inviter.username, "room": waiting.room.title, "created": waiting.created}


def _blocked(user: User) -> Iterator[dict]:
    for portion in in_portions(Block.objects.filter(user=user).select_related("blocked")):
        yield from ({"person": each.blocked.username, "since": each.created} for each in portion)


def _messages(user: User) -> Iterator[dict]:
    """What they wrote in rooms, also in those that they can no longer see: then without the room's name."""
    written = Message.objects.filter(sender=user, deleted=False).exclude(room__kind=RoomKind.DIRECT)
    for portion in in_portions(written.select_related("reply_to__sender")):
        titles = visible_titles(user, [message.room_id for message in portion])
        for message in portion:
            title = titles.get(message.room_id)
            yield {"room": title, "kind": message.kind} | _message(message, show_author=title is not None)


def _direct_messages(user: User) -> Iterator[dict]:
    """Both sides of each conversation: `own` says whose words they are."""
    mine = Room.objects.filter(kind=RoomKind.DIRECT, memberships__user=user, memberships__banned=False)
    for rooms in in_portions(mine):
        others = Membership.objects.filter(room__in=rooms).exclude(user=user).select_related("user")
        names = {place.room_id: place.user.username for place in others}
        for room in rooms:
            said = Message.objects.filter(room=room, deleted=False).select_related("sender", "reply_to__sender")
            for portion in in_portions(said):
                for message in portion:
                    own = message.sender_id == user.pk
                    about = {"with": names.get(room.pk), "from": message.sender.username, "own": own}
                    yield about | _message(message, show_author=True)


def _message(message: Message, show_author: bool) -> dict:
    reply_to = message.reply_to
    return {
        "id": message.pk,
        "written": message.created,
        "edited": message.edited,
        "reply_to": reply_to and reply_to.pk,
        "reply_to_author": reply_to.sender.username if reply_to and show_author else None,
        "text": message.text,
    }


def _reactions(user: User) -> Iterator[dict]:
    for portion in in_portions(Reaction.objects.filter(user=user).select_related("message")):
        titles = visible_titles(user, [reaction.message.room_id for reaction in portion])
        for reaction in portion:
            room_id = reaction.message.room_id
            yield {"room": titles.get(room_id), "message": reaction.message_id, "emoji": reaction.emoji}
