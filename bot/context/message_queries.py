"""What bots may read of a room, and how it is looked through. Every query here is bound to one room."""

from collections.abc import Iterator
from datetime import datetime
from heapq import nlargest
from typing import NamedTuple

from django.db import connection

from rooms.models import Message, MessageKind, MessageState, Room, files_in_words
from rooms.search.message_search import Hit, search_room

from . import sql

MAX_THREAD = 10  # messages that a question answers, one the other
MAX_REPLIES = 30  # others in its thread


def readable_messages(room: Room):
    """The messages of a room that a bot may read: what was said there, finished and not deleted."""
    return Message.objects.select_related("sender").filter(
        room=room, deleted=False, kind__in=(MessageKind.HUMAN, MessageKind.BOT),
        state__in=(MessageState.COMPLETE, MessageState.STOPPED),
    ).exclude(text="", files=None)  # fmt: skip


class PromptMessage(NamedTuple):
    """One message as far as models see it. Read as plain values: rows cost a fraction of what objects do."""

    id: int
    sender: int
    name: str
    is_bot: bool
    created: datetime
    reply_to: int | None
    text: str  # and a line for each file
    first_seq: int = 0  # its place in the room, as what people have read is counted
    files: list[dict] | None = None  # Message.files

    @classmethod
    def from_message(cls, message: Message) -> "PromptMessage":
        """Needs `sender` loaded; asks the database nothing."""
        sender = message.sender
        where = (message.created, message.reply_to_id, message.text, message.first_seq)
        line = cls(message.id, sender.id, sender.username, sender.is_bot, *where)
        return line if message.files is None else line._with_files(message.files)

    def _with_files(self, files: list[dict]) -> "PromptMessage":
        words = "\n".join(filter(None, [self.text, files_in_words(files, self.id)]))
        return self._replace(text=words, files=files)


def iterate_prompt_messages(messages) -> Iterator[PromptMessage]:
    """The messages of a query set, in portions: whoever has enough stops reading."""
    fields = ("id", "sender_id", "sender__username", "sender__is_bot", "created", "reply_to_id", "text", "first_seq")
    for *values, files in messages.values_list(*fields, "files").iterator(chunk_size=50):
        message = PromptMessage(*values)
        yield message if files is None else message._with_files(files)


def get_thread(message: Message) -> tuple[list[PromptMessage], Iterator[PromptMessage]]:
    """What a message answers, one the other, nearest first; and what else was answered to these, newest first.

    What was deleted or never finished is not shown, and does not cut the thread. Four queries, however long it is.
    """
    if not message.reply_to_id:
        return [], iter(())
    chain = _ancestor_ids(message)
    found = {line.id: line for line in iterate_prompt_messages(readable_messages(message.room).filter(pk__in=chain))}
    # By the index of replies alone: with the room in it, all of the room might be looked through.
    replies = Message.objects.filter(reply_to__in=chain, pk__lt=message.id, deleted=False)
    newest = nlargest(MAX_REPLIES, replies.values_list("pk", flat=True))
    return [found[id] for id in chain if id in found], iterate_prompt_messages(
        readable_messages(message.room).filter(pk__in=newest).order_by("-id")
    )


def search_messages(
    room: Room,
    words: str,
    limit: int,
    before: int,
    sender_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    in_files: bool = False,
) -> list[Hit]:
    """Messages of one room with all these words, newest first; not those of bots.

    since (inclusive), until (exclusive): when they were said. Without words: all that the sender said. in_files: also
    those with a file that has all words.

    Raises ChatError: search_too_long, search_too_slow.
    """
    return search_room(
        room, words, sender_id=sender_id, kinds=(MessageKind.HUMAN,),
        since=since, until=until, before=before, limit=limit, in_files=in_files,
    )  # fmt: skip


def last_read_seq(room: Room, user, before: int) -> int:
    """Where somebody was when they came: the last that they had read, or had said. before: their question's id.

    When nothing came after that, their screen has marked everything as read by now: then the earlier of the two.
    """
    read = sql.read_seq(room.id, user.id)
    theirs = Message.objects.filter(room=room, sender=user, pk__lt=before).order_by("-id")
    said = theirs.values_list("first_seq", flat=True).first() or 0
    new = readable_messages(room).filter(first_seq__gt=max(read, said), pk__lt=before)
    return max(read, said) if new.exists() else min(read, said)


def last_read_id(room: Room, user, window: list[PromptMessage]) -> int | None:
    """The same as an id, of the messages in a window (oldest first); None: of these they had read nothing."""
    read = sql.read_seq(room.id, user.id)
    said = max((line.first_seq for line in window if line.sender == user.id), default=0)
    is_new = any(line.first_seq > max(read, said) for line in window)
    seq = max(read, said) if is_new else min(read, said)
    return max((line.id for line in window if line.first_seq <= seq), default=None)


def missed_messages(room: Room, user, before: int):
    """The messages of others since then."""
    since = last_read_seq(room, user, before)
    return readable_messages(room).filter(first_seq__gt=since, pk__lt=before).exclude(sender=user)


def _ancestor_ids(message: Message) -> list[int]:
    """The ids above a message, nearest first."""
    with connection.cursor() as cursor:
        cursor.execute(_ANCESTORS_SQL, (message.reply_to_id, message.room_id, message.room_id, MAX_THREAD))
        return [id for id, _step in sorted(cursor.fetchall(), key=lambda row: row[1])]


# The ORM has no recursive queries; a query for each step up would be up to MAX_THREAD of them.
_ANCESTORS_SQL = """
WITH RECURSIVE chain (id, above, step) AS (
    SELECT id, reply_to_id, 1 FROM rooms_message WHERE id = %s AND room_id = %s
    UNION ALL
    SELECT m.id, m.reply_to_id, chain.step + 1 FROM rooms_message m JOIN chain ON m.id = chain.above
    WHERE m.room_id = %s AND chain.step < %s
) SELECT id, step FROM chain"""
