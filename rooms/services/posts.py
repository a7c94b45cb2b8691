"""A post before it is written, and its outcome; whom it names, calls and answers."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.models import User

from ..kernel.errors import ChatError
from ..kernel.rights import Action
from ..models import Message, MessageKind, Room
from ..text.markup import Rendered
from . import mentions
from .calls import resolve_calls
from .rights import may_as
from .sql import PostingRights


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody's message before it is written. `text` has passed protocol.check_text; with files it may be empty."""

    user: User
    room_id: int
    text: str
    client_id: uuid.UUID | None = None
    reply_to: int | None = None
    kind: str = MessageKind.HUMAN
    rendered: Rendered | None = None  # of `text`; to be given by whoever holds a lock, or is not to wait for it
    notice: dict | None = None  # of kernel/notices.py
    files: Sequence[str] = ()  # keys of attachments
    holds_room: bool = False  # this transaction has locked the room already


@dataclass(frozen=True, slots=True)
class Posted:
    message_id: int
    seq: int  # when it was posted
    created: bool  # False: this client id was used before, and this is the first outcome


Outcome = Posted | ChatError


def addressed_by(posts: Sequence[Post], documents: Sequence[Rendered], rooms: dict[int, Room]) -> list[dict[str, int]]:
    """For each post: lower-case name → id of each person and bot that it mentions."""
    wanted = [(post.room_id, document.mentioned) for post, document in zip(posts, documents, strict=True)]
    found = iter(mentions.resolve_mentions([(rooms[id], names) for id, names in wanted if id in rooms]))
    return [next(found) if id in rooms else {} for id, _names in wanted]


def called_by(
    posts: Sequence[Post],
    documents: Sequence[Rendered],
    rooms: dict[int, Room],
    addressed: Sequence[dict[str, int]],
    members: Mapping[tuple[int, int], PostingRights],
) -> list[dict[str, str]]:
    """For each post: lower-case name → what it calls, among names that belong to no person."""

    def wanted(post: Post, document: Rendered, people: dict[str, int]) -> tuple[Room, set[str], bool]:
        rights = members.get((post.room_id, post.user.id))
        names = set(document.mentioned) - people.keys() if post.kind == MessageKind.HUMAN else set()
        room, role = rooms[post.room_id], rights.role if rights else None
        return room, names, may_as(Action.CALL_ROOM, post.user, room, role)

    together = zip(posts, documents, addressed, strict=True)
    found = iter(resolve_calls([wanted(*each) for each in together if each[0].room_id in rooms]))
    return [next(found) if post.room_id in rooms else {} for post in posts]


def quoted_by(posts: Sequence[Post]) -> dict[int | None, Message]:
    """The messages that these posts answer, with their senders, by id, in one query.

    From any room: rights are checked later.
    """
    wanted = {post.reply_to for post in posts if post.reply_to}
    return Message.objects.select_related("sender").in_bulk(wanted) if wanted else {}


def compared_text(post: Post, document: Rendered) -> tuple[int, str, str]:
    """Room, text and HTML that are compared with blocked words: of a notice no words."""
    is_notice = post.kind == MessageKind.NOTICE
    return (post.room_id, "", "") if is_notice else (post.room_id, post.text, document.marked)
