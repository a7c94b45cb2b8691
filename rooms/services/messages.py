"""Everything that changes a room's messages: authorise → write → publish on commit.

The only writer and the only publisher; the socket, the API, the pages, the bot and the admin call these. All
are synchronous, raise ChatError, and take the person who acts first. Posting in groups is in posting.py, what bots
answer in bot_replies.py, pins in pinning.py.
"""

import logging
import uuid
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.plain_text import clean
from audit.recording import record

from ..kernel.errors import ChatError
from ..kernel.notices import notice
from ..kernel.protocol import check_emoji, check_text
from ..kernel.rights import Action
from ..kernel.slugs import check_direction
from ..models import Block, Membership, Message, MessageKind, Room
from ..publishing import events
from ..queries import unread_counts
from ..text.rendering import render
from ..text.search_terms import index_text
from . import block_lists, keywords, mentions, notifications, own_emoji
from .calls import resolve_calls
from .membership import get_or_join, get_visible_room
from .message_changes import Unchanged, changing
from .notices import post_notice
from .notification_counts import announce_ended_between
from .post_rights import check_may_write
from .posting import Post, Posted, post_many
from .rights import check
from .room_locks import lock_room
from .tombstones import make_tombstones

logger = logging.getLogger(__name__)

MAX_REACTIONS = 20  # different ones on one message


def post(user: User, room_name: str, text: str, client_id: uuid.UUID | None = None, reply_to: int | None = None,
         kind: str = MessageKind.HUMAN, files: Sequence[str] = ()) -> Posted:  # fmt: skip
    """Post a message. The same client_id again returns the first outcome and posts nothing.

    files: keys of attachments that were taken in for this room and not sent yet. With files, the text may be empty.

    Raises ChatError: blocked_in_room, blocked_on_server, message_empty, message_too_long, no_such_room.
    """
    room = get_visible_room(user.id, room_name)
    text = check_text(text, may_be_empty=bool(files))
    [outcome] = post_many([Post(user, room.id, text, client_id, reply_to, kind, files=files)])
    if isinstance(outcome, ChatError):
        raise outcome
    return outcome


def edit(user: User, room_name: str, message_id: int, text: str) -> Message:
    """Change one's own message.

    With files, the text may be empty. An edit notifies nobody anew, and bots do not answer it.

    Raises ChatError: blocked_in_room, blocked_on_server, message_deleted, message_empty, not_author, message_too_long,
    no_such_message, no_such_room, room_archived.
    """
    text = check_text(text, may_be_empty=True)
    rendered, words = render(text, user.id), index_text(text)  # before the room is locked
    emoji = own_emoji.addresses_in([rendered])
    block_lists.check_words(get_visible_room(user.id, room_name).pk, (text, rendered.marked))
    with changing(Action.EDIT, user, room_name, message_id) as message:
        if message.sender_id != user.id or message.kind != MessageKind.HUMAN:
            raise ChatError("not_author")
        if message.deleted:
            raise ChatError("message_deleted")
        check_may_write(user, message.room)
        if not (text or message.files):
            raise ChatError("message_empty")
        (people,) = mentions.resolve_mentions([(message.room, rendered.mentioned)])
        message.set_text(text, words)
        calls = _calls_kept(message, set(rendered.mentioned) - people.keys())
        message.html = rendered.html({**people, **calls}, emoji)
        before, message.mentions, message.edited = message.mentions, sorted(people.values()), timezone.now()
        called, message.audience = message.audience, sorted(set(calls.values())) or None
        message.save(update_fields=["text", "search_text", "html", "mentions", "audience", "edited"])
        mentions.unmark(message, before)
        notifications.withdraw_mentions(message, set(before) - set(message.mentions))
        if called != message.audience:
            notifications.withdraw_calls(message)
        keywords.look_again(message)
    return message


def _calls_kept(message: Message, names: Collection[str]) -> dict[str, str]:
    """What names that belong to no person call, if the message called it before. An edit calls nobody anew."""
    (found,) = resolve_calls([(message.room, names, True)]) if message.audience else ({},)
    return {name: what for name, what in found.items() if what in (message.audience or ())}


def delete(user: User, room_name: str, message_id: int) -> Message:
    """Replace a message by a tombstone. For its author and moderators. Deleting it twice is the same as once.

    Raises ChatError: not_author_or_moderator, no_such_message, no_such_room, room_archived.
    """
    with changing(Action.DELETE_OWN, user, room_name, message_id) as message:
        if message.sender_id != user.id:
            check(Action.DELETE_OTHERS, user, message.room)
        if message.deleted:
            raise Unchanged
        make_tombstones([message], message.room)
        if message.sender_id != user.id:
            record("message.deleted", actor=user.pk, person=message.sender_id, room=message.room_id, message=message.pk)
    return message


def react(user: User, room_name: str, message_id: int, emoji: str) -> Message:
    """Add one's reaction. Adding it twice is the same as once.

    Raises ChatError: message_deleted, not_one_emoji, too_many_reactions, no_such_message, no_such_room, room_archived.
    """
    emoji = check_emoji(emoji)
    if emoji.startswith(":") and not own_emoji.exists(emoji):
        raise ChatError("not_one_emoji")
    with changing(Action.REACT, user, room_name, message_id) as message:
        if message.deleted:
            raise ChatError("message_deleted")
        check_may_write(user, message.room, reacting=True)
        known = set(message.reactions.values_list("emoji", flat=True))
        if emoji not in known and len(known) >= MAX_REACTIONS:
            raise ChatError("too_many_reactions")
        if not message.reactions.get_or_create(user=user, emoji=emoji)[1]:
            raise Unchanged
        notifications.notify_of_reaction(message, user.id, message.room.seq + 1)
    return message


def unreact(user: User, room_name: str, message_id: int, emoji: str) -> Message:
    """Remove one's reaction. Does nothing when there is none.

    Raises ChatError: no_such_message, no_such_room, room_archived.
    """
    with changing(Action.REACT, user, room_name, message_id) as message:
        if not message.reactions.filter(user=user, emoji=emoji).delete()[0]:
            raise Unchanged
        notifications.withdraw_reaction(message)
    return message


def reactions_of(user: User, room_name: str, message_id: int) -> list[tuple[str, User]]:
    """Who reacted to a message and how, in order. Leaves out people whom the reader blocks.

    Raises ChatError: no_such_message, no_such_room.
    """
    message = Message.objects.filter(room=get_visible_room(user.id, room_name), pk=message_id).first()
    if message is None:
        raise ChatError("no_such_message")
    heard = message.reactions.exclude(user__in=Block.objects.filter(user=user).values("blocked"))
    return [(reaction.emoji, reaction.user) for reaction in heard.select_related("user")]


def mark_read(user: User, room_name: str, seq: int) -> int:
    """Move one's read position forward, never back, and never past the last message. Returns where it is now.

    Raises ChatError: no_such_room.
    """
    room, mine = get_or_join(user, room_name)
    seq = min(seq, room.seq)
    if seq > mine.read_seq:
        Membership.objects.filter(pk=mine.pk, read_seq__lt=seq).update(read_seq=seq)
        announce_ended_between(user.id, room.id, mine.read_seq, seq)
        mine.read_seq = seq
        _tell_own_sockets(user, room)
    return mine.read_seq


def mark_unread(user: User, room_name: str, message_id: int) -> int:
    """Move one's read position back to before a message, never forward. Returns where it is now.

    Raises ChatError: no_such_message, no_such_room.
    """
    room, mine = get_or_join(user, room_name)
    message = Message.objects.filter(room=room, pk=message_id).only("first_seq").first()
    if message is None:
        raise ChatError("no_such_message")
    position = message.first_seq - 1
    if position < mine.read_seq:
        Membership.objects.filter(pk=mine.pk, read_seq__gt=position).update(read_seq=position)
        announce_ended_between(user.id, room.id, position, mine.read_seq)
        mine.read_seq = position
        _tell_own_sockets(user, room, read=position, first=message.pk)
    return mine.read_seq


def _tell_own_sockets(user: User, room: Room, **moved_back: int) -> None:
    """Publish the room's unread count to the person's other tabs and devices."""
    left = next(iter(unread_counts.unread_of([user.id], [room.id])), None)
    if left is None:  # the room was deleted meanwhile
        return
    fields = {"seq": left["seq"], "unread": left["unread"], "mention": left["mentioned"], "mentions": left["mentions"]}
    events.to_user(user.id, "unread", room=room.name, **fields, **moved_back)


def set_topic_and_description(
    user: User, room_name: str, topic: str | None = None, description: str | None = None
) -> Room:
    """Change a room's topic and description, and post a notice. Every member may who may write, as in most chats.

    Raises ChatError: those of `check_may_write` and `block_lists.check_words`, read_only, direct_has_no_topic,
    hidden_characters, message_empty, message_too_long, no_such_room, room_archived, room_text_too_long.
    """
    room, _mine = get_or_join(user, room_name)
    check(Action.DESCRIBE, user, room)
    check_may_write(user, room)
    changes = {}
    if topic is not None:
        changes["topic"] = check_topic(topic)
    if description is not None:
        changes["description"] = check_room_text(description, 2000)
    block_lists.check_words(room.pk, *((each, "") for each in changes.values()))
    topic, described = changes.get("topic", room.topic), changes.get("description", room.description)
    said = notice("topic_set", topic=topic) if topic else notice("topic_removed")
    with transaction.atomic():
        lock_room(room.pk)
        if changes:
            Room.objects.filter(pk=room.pk).update(**changes)
        if topic != room.topic:
            post_notice(user, room.id, said)
        if described != room.description:
            post_notice(user, room.id, notice("description_changed"))
    room.refresh_from_db()
    return room


def check_topic(text: str) -> str:
    """A topic as it is stored, on one line. Raises as `check_room_text`."""
    return check_room_text(" ".join(text.split()), 200)


def check_room_text(text: str, longest: int) -> str:
    """A text about a room, which may be empty, as it is stored.

    Raises ChatError: room_text_too_long, hidden_characters, message_empty, message_too_long.
    """
    text = clean(text).strip()
    if len(text) > longest:
        raise ChatError("room_text_too_long", limit=longest)
    return check_direction(check_text(text)) if text else ""
