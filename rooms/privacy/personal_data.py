"""All data of a user that they could see themselves, in sections, for the export.

Everything is read in batches, each with its own query, so that neither memory nor a transaction grows with the amount
of data. Other apps add sections through the signal `personal_data_wanted`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.privacy.personal_data import (
    export_account,
    export_connections,
    export_second_factors,
    export_sessions,
    export_tokens,
)
from presence import sync_client

from ..kernel import signals
from ..models import (
    AskBeforeAdding,
    Attachment,
    Block,
    GroupMember,
    Invitation,
    Membership,
    Message,
    Notification,
    NotificationKind,
    OwnEmoji,
    Reaction,
    Room,
    RoomKind,
)
from ..queries.levels import settings_of
from ..services import contact_permissions
from . import invitations, posting_limits
from .batches import in_batches, visible_titles, with_titles
from .moderation import iter_removals, iter_reports

PICTURE_IN_ARCHIVE = "picture.webp"


@dataclass(frozen=True, slots=True)
class Section:
    key: str  # name in JSON
    title: object  # heading in Markdown, a lazy translation
    # Values are str, int, bool, None or datetime. A row None means that many rows were read and none yielded.
    rows: dict | Iterable[dict | None]


def iter_sections(user: User) -> Iterator[Section]:
    """All sections in the order of the export. Their rows are read while they are iterated over."""
    yield Section("account", _("Account"), export_account(user) | _last_seen(user) | _picture(user))
    yield Section("settings", _("Settings"), _settings(user))
    yield Section("tokens", _("Tokens for scripts"), export_tokens(user))
    yield Section("connected_accounts", _("Connected accounts"), export_connections(user))
    yield Section("second_factors", _("Two-factor authentication"), export_second_factors(user))
    yield Section("signed_in_browsers", _("Signed-in browsers"), export_sessions(user))
    yield Section("rooms", _("Rooms"), _rooms(user))
    yield Section("rooms_left", _("Rooms you left or declined to join"), _rooms_left(user))
    yield Section("reports", _("What you reported"), iter_reports(user))
    yield Section("rooms_removed", _("Rooms a moderator removed you from"), iter_removals(user))
    yield Section("timeouts", _("Timeouts"), posting_limits.export_timeouts(user))
    yield Section("slow_mode", _("Your last messages in rooms with slow mode"), posting_limits.export_last_posts(user))
    yield Section("read_only", _("Rooms you left in which you could only read"), posting_limits.export_former(user))
    yield Section("invitation_links", _("Invitation links you made"), _links(user))
    yield Section("server_invitations", _("Invitations to this server you made"), invitations.export_made(user))
    yield Section("came_by", _("Invitations to this server you used"), invitations.export_used(user))
    yield Section("invitations_sent", _("Invitations you sent"), invitations.export_sent(user))
    yield Section("invitations_waiting", _("Pending invitations"), invitations.export_waiting(user))
    yield Section("blocked_people", _("Blocked people"), _blocked(user))
    yield Section("messages", _("Messages in rooms"), _messages(user))
    yield Section("files", _("Files you uploaded"), _files(user))
    yield Section("notifications", _("Notifications"), _notifications(user))
    yield Section("reactions", _("Reactions"), _reactions(user))
    yield Section("groups", _("Groups"), _groups(user))
    yield Section("emoji", _("Emoji you added"), _emoji(user))
    yield Section("pins", _("Messages you pinned"), _pins(user))
    yield Section("direct_messages", _("Direct messages"), _direct_messages(user))
    for added in signals.answers(signals.personal_data_wanted, User, user=user):
        yield from added


def _picture(user: User) -> dict:
    return {"picture": PICTURE_IN_ARCHIVE} if user.picture else {}


def own_files(user: User) -> Iterator[list[Attachment]]:
    """In batches, with their blobs."""
    return in_batches(Attachment.objects.filter(uploader=user).select_related("blob"))


def _last_seen(user: User) -> dict:
    found = (sync_client.get_status([user.pk]) or {}).get(user.pk)
    return {"last_seen": datetime.fromtimestamp(found.seen, UTC) if found and found.seen else None}


def _settings(user: User) -> dict:
    chosen = contact_permissions.settings_of(user.pk)
    settings = {name: getattr(chosen, name) for name in contact_permissions.SETTINGS}
    wanted = settings_of(user.pk)
    settings |= {"default_level": wanted.default_level, "reactions": wanted.reactions}
    return settings | {"keywords": ", ".join(wanted.keywords)}


def _rooms(user: User) -> Iterator[dict]:
    memberships = (
        Membership.objects.filter(user=user, banned=False).exclude(room__kind=RoomKind.DIRECT).select_related("room")
    )
    for batch in in_batches(memberships):
        for membership in batch:
            yield {
                "room": membership.room.title,
                "address": membership.room.name,
                "kind": membership.room.kind,
                "role": membership.role,
                "joined": membership.joined,
                "muted": membership.muted,
                "muted_until": membership.muted_until,
                "level": membership.level,
                "starred": membership.starred,
                "position": membership.position,
                "created_by_me": membership.room.created_by_id == user.pk,
            }


def _rooms_left(user: User) -> Iterator[dict]:
    for each, title in with_titles(user, AskBeforeAdding.objects.filter(user=user)):
        yield {"room": title, "since": each.created}


def _links(user: User) -> Iterator[dict]:
    for link, title in with_titles(user, Invitation.objects.filter(created_by=user)):
        yield {
            "room": title,
            "created": link.created,
            "expires": link.expires,
            "uses": link.uses,
            "max_uses": link.max_uses,
        }


def _blocked(user: User) -> Iterator[dict]:
    for batch in in_batches(Block.objects.filter(user=user).select_related("blocked")):
        yield from ({"person": each.blocked.username, "since": each.created} for each in batch)


def _messages(user: User) -> Iterator[dict]:
    """All messages in rooms. For rooms that the user can no longer see, without the title."""
    written = Message.objects.filter(sender=user, deleted=False).exclude(room__kind=RoomKind.DIRECT)
    for message, title in with_titles(user, written.select_related("reply_to__sender")):
        yield {"room": title, "kind": message.kind} | _message(message, show_author=title is not None)


def _direct_messages(user: User) -> Iterator[dict]:
    """Both sides of each conversation; `own`: whether the user wrote it."""
    mine = Room.objects.filter(kind=RoomKind.DIRECT, memberships__user=user, memberships__banned=False)
    for rooms in in_batches(mine):
        others = Membership.objects.filter(room__in=rooms).exclude(user=user).select_related("user")
        names = {membership.room_id: membership.user.username for membership in others}
        for room in rooms:
            messages = Message.objects.filter(room=room, deleted=False).select_related("sender", "reply_to__sender")
            for batch in in_batches(messages):
                for message in batch:
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
        "files": ", ".join(each["name"] for each in message.files or ()),
        "text": message.text,
    }


def _files(user: User) -> Iterator[dict]:
    for batch in own_files(user):
        titles = visible_titles(user, [each.room_id for each in batch])
        for file in batch:
            yield {
                "name": file.name,
                "type": file.blob.type,
                "size": file.blob.size,
                "alt": file.alt,
                "room": titles.get(file.room_id),
                "message": file.message_id,
                "created": file.created,
                "file": path_in_archive(file),
            }


def path_in_archive(file: Attachment) -> str:
    """Where the export has a file. The id keeps apart files of the same name."""
    return f"files/{file.pk}-{file.name}"


def _notifications(user: User) -> Iterator[dict]:
    for batch in in_batches(Notification.objects.visible().filter(user=user).select_related("actor", "room")):
        titles = visible_titles(user, [each.room_id for each in batch])
        for each in batch:
            # Of what moderators did: where somebody may not look any more, neither which room it was nor who.
            known = each.kind != NotificationKind.MODERATION or each.room_id in titles
            yield {
                "kind": each.kind,
                "what": each.what or None,
                "room": each.room.title if known and each.room.kind != RoomKind.DIRECT else None,
                "from": each.actor.username if known else None,
                "message": each.message_id,
                "created": each.created,
                "read": each.read,
                "done": each.done,
            }


def _groups(user: User) -> Iterator[dict]:
    for each in GroupMember.objects.filter(user=user).select_related("group"):
        yield {"name": each.group.name, "since": each.since}


def _emoji(user: User) -> Iterator[dict]:
    for each in OwnEmoji.objects.filter(added_by=user).defer("picture"):
        yield {"name": each.name, "created": each.added}


def _reactions(user: User) -> Iterator[dict]:
    given = Reaction.objects.filter(user=user).select_related("message")
    for reaction, title in with_titles(user, given, room="message.room_id"):
        yield {"room": title, "message": reaction.message_id, "emoji": reaction.emoji}


def _pins(user: User) -> Iterator[dict]:
    for each, title in with_titles(user, Message.objects.filter(pinned_by=user, deleted=False)):
        yield {"room": title, "message": each.pk, "pinned": each.pinned}
