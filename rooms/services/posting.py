"""Posting: many messages in one transaction, each with its own outcome.

One bad message does not fail the others, and the same client id never makes two messages.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Literal, overload

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable, QueryCanceled

from ..kernel import write_errors
from ..kernel.errors import ChatError, archived, internal_error, not_found, unavailable
from ..kernel.signals import message_posted
from ..models import Attachment, Message, MessageKind, Room
from ..publishing import events
from ..text.markup import Rendered
from ..text.rendering import render
from ..text.search_terms import index_text
from . import attachments, audiences, block_lists, keywords, mentions, notifications, own_emoji
from .calls import check_calls
from .post_rights import may_post, why_silent
from .posts import Outcome as Outcome
from .posts import Post as Post
from .posts import Posted as Posted
from .posts import addressed_by, called_by, compared_text, quoted_by
from .slow_mode import SlowMode
from .sql import (
    PostingRights,
    insert_messages,
    limit_lock_wait,
    lock_rooms,
    messages_by_client_id,
    posting_rights,
    save_room_heads,
)

logger = logging.getLogger(__name__)

LOCK_TIMEOUT_MS = 100  # milliseconds
_ATTEMPTS = 3  # of posts that were compared with blocked words that have changed since


@overload
def post_many(posts: Sequence[Post], patient: Literal[True] = True) -> Sequence[Outcome]: ...
@overload
def post_many(posts: Sequence[Post], patient: bool) -> Sequence[Outcome | None]: ...
def post_many(posts: Sequence[Post], patient: bool = True) -> Sequence[Outcome | None]:
    """Write posts in the order given; returns an outcome for each, in the same order.

    patient: wait for a room that another program has locked, as long as the session may (mysite/database.py), and then
    answer `unavailable`. Otherwise the outcome of posts in such rooms is None.
    """
    try:
        outcomes = _write(posts, patient)
        write_errors.note_success()
        return outcomes
    except (OperationalError, InterfaceError) as error:
        if _locked(error) and not patient:
            return _write_unlocked_rooms(posts)
        if not isinstance(error.__cause__, QueryCanceled | LockNotAvailable):
            connection.close()  # a new one is made when it can be
            write_errors.note_failure()
        write_errors.log(error)
        return [unavailable() for _ in posts]
    except Exception:  # noqa: BLE001 - whatever one post breaks must not break the others
        return _one_by_one(posts, patient)


def _locked(error: Exception) -> bool:
    return isinstance(error.__cause__, LockNotAvailable)


def _write_unlocked_rooms(posts: Sequence[Post]) -> list[Outcome | None]:
    """Write those in rooms that can be locked at once; None for the others."""
    if len({post.room_id for post in posts}) == 1:
        return [None] * len(posts)
    try:
        return _write(posts, patient=False, skip_locked=True)
    except (OperationalError, InterfaceError) as error:
        if _locked(error):  # a row other than a room's: each room is tried by itself
            return [None] * len(posts)
        write_errors.log(error)
        return [unavailable() for _ in posts]
    except Exception:  # noqa: BLE001 - as above
        return _one_by_one(posts, patient=False)


def _one_by_one(posts: Sequence[Post], patient: bool) -> list[Outcome | None]:
    outcomes: list[Outcome | None] = []
    for post in posts:
        away = bool(outcomes) and getattr(outcomes[-1], "code", "") == "unavailable"
        outcomes.append(unavailable() if away else _alone(post, patient))
    return outcomes


def _alone(post: Post, patient: bool) -> Outcome | None:
    """Write one post of a batch that failed, perhaps because of this post."""
    for _attempt in range(2):
        try:
            return _write([post], patient)[0]
        except IntegrityError:
            continue  # another process wrote this client id a moment ago: it is found this time
        except (OperationalError, InterfaceError) as error:
            if _locked(error) and not patient:
                return None
            write_errors.log(error)
            return unavailable()
        except Exception:  # noqa: BLE001 - internal_error logs it
            return internal_error(logger, "a post failed")
    return _conflict()


def _write(posts: Sequence[Post], patient: bool, skip_locked: bool = False) -> list[Outcome | None]:
    # Before anything is locked.
    documents = [post.rendered or render(post.text, post.user.id) for post in posts]
    words = [index_text(post.text) for post in posts]
    emoji = own_emoji.addresses_in(documents)
    written = [compared_text(post, document) for post, document in zip(posts, documents, strict=True)]
    for _attempt in range(_ATTEMPTS):
        compared = block_lists.compare(written)
        try:
            with transaction.atomic():
                if not patient:
                    limit_lock_wait(LOCK_TIMEOUT_MS)
                return _write_rendered(posts, documents, words, emoji, compared, patient, skip_locked)
        except block_lists.Outdated as late:
            block_lists.read_again(late.rooms)
    return [unavailable() for _ in posts]


def _write_rendered(
    posts: Sequence[Post],
    documents: Sequence[Rendered],
    words: Sequence[str | None],
    emoji: Mapping[str, str],
    compared: block_lists.Compared,
    patient: bool,
    skip_locked: bool,
) -> list[Outcome | None]:
    user_ids = {post.user.id for post in posts}
    waits = patient and not any(post.holds_room for post in posts)
    rooms = lock_rooms({post.room_id for post in posts}, waits, skip_locked)
    compared.check_latest(rooms)
    members = posting_rights(set(rooms), user_ids) if rooms else {}
    seen = messages_by_client_id(user_ids, {post.client_id for post in posts if post.client_id})
    quoted = quoted_by(posts)
    claimed = attachments.claim(post.files for post in posts)
    addressed = addressed_by(posts, documents, rooms)
    called = called_by(posts, documents, rooms, addressed, members)
    slow = SlowMode(rooms, user_ids)
    outcomes: list[tuple[Message, bool] | ChatError | None] = []
    new: list[tuple[Message, list[int]]] = []
    attached: dict[int, list[Attachment]] = {}  # by index in `new`
    each = zip(posts, documents, words, addressed, called, compared.found, strict=True)
    for post, document, search_text, people, calls, blocked in each:
        room, key = rooms.get(post.room_id), (post.user.id, post.client_id)
        if room is None and skip_locked:
            outcomes.append(None)
        elif room is None or room.deleted or not may_post(post.user, post.kind, room, members):
            outcomes.append(not_found())
        elif key in seen:
            same = seen[key].room_id == room.id
            outcomes.append((seen[key], False) if same else _conflict())
        elif room.archived:
            outcomes.append(archived())
        elif post.reply_to and (post.reply_to not in quoted or quoted[post.reply_to].room_id != room.id):
            outcomes.append(ChatError("reply_to_elsewhere"))
        elif error := blocked or _refusal(post, room, claimed, calls) or _silence(post, room, members, slow):
            outcomes.append(error)
        else:
            message = _message(post, room, document.html({**people, **calls}, emoji), people, quoted.get(post.reply_to))
            message.audience = sorted(set(calls.values())) or None
            message.search_text = search_text
            if post.files:
                files = attached[len(new)] = [claimed.pop(key) for key in post.files]
                message.files = attachments.describe(files)
            outcomes.append((message, True))
            new.append((message, list(people.values())))
            if post.client_id:
                seen[key] = message
    _save(new, attached)
    slow.save()
    return [
        Posted(outcome[0].id, outcome[0].first_seq, outcome[1]) if isinstance(outcome, tuple) else outcome
        for outcome in outcomes
    ]


def _refusal(post: Post, room: Room, claimed: dict[str, Attachment], calls: Mapping[str, str]) -> ChatError | None:
    """What is wrong with the files of a post, or with what it calls; None: nothing."""
    return attachments.check(post.files, claimed, post.user.id, room.id) or check_calls(room, calls.values())


def _silence(post: Post, room: Room, members: dict[tuple[int, int], PostingRights], slow: SlowMode) -> ChatError | None:
    """What keeps a person from writing in an open room. What a notice tells has been done already. Asked last: a post
    that passes counts for slow mode."""
    if post.kind == MessageKind.NOTICE:
        return None
    if error := why_silent(post.user, room, members):
        return error
    if error := slow.check(post.user, room, members[room.id, post.user.id]):
        return error
    slow.note(post.user, room)
    return None


def _save(new: list[tuple[Message, list[int]]], attached: Mapping[int, list[Attachment]]) -> None:
    """New messages, each with the ids of those whom it names, in that order. attached: their files, by index."""
    if not new:
        return
    messages = [message for message, _addressed in new]
    insert_messages(messages)
    for place, files in attached.items():
        attachments.attach(messages[place], files)
    mentions.mark_mentioned(messages)
    notifications.notify_of_posts(messages)
    audiences.tell(each for each in messages if each.kind != MessageKind.NOTICE)
    keywords.look_for(messages)
    for message, addressed in new:
        events.message(message, reactions=[], fresh=True)
        message_posted.send(Message, message=message, room=message.room, addressed=addressed)
    save_room_heads({message.room for message in messages})


def _message(post: Post, room: Room, html: str, people: dict[str, int], reply_to: Message | None) -> Message:
    seq = room.next_seq()
    return Message(
        room=room,
        seq=seq,
        first_seq=seq,
        kind=post.kind,
        sender=post.user,
        text=post.text,
        html=html,
        notice=post.notice,
        client_id=post.client_id,
        reply_to=reply_to,
        mentions=sorted(people.values()),
    )


def _conflict() -> ChatError:
    return ChatError("id_taken")
