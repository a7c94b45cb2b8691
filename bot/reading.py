"""What bots may read of a room, and how it is looked through. Every query here is bound to one room."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from rooms.models import Membership, Message, MessageKind, Room, State
from rooms.search import search_room


def readable(room: Room):
    """The messages of a room that a bot may read: what was said there, finished and not deleted."""
    return Message.objects.select_related("sender").filter(
        room=room, deleted=False, kind__in=(MessageKind.HUMAN, MessageKind.BOT),
        state__in=(State.COMPLETE, State.STOPPED),
    ).exclude(text="")  # fmt: skip


class Line(NamedTuple):
    """One message as far as models see it. Read as plain values: rows cost a fraction of what objects do."""

    id: int
    sender: int
    name: str
    is_bot: bool
    created: datetime
    reply_to: int | None
    text: str

    @classmethod
    def of(cls, message: Message) -> "Line":
        sender = message.sender
        where = (message.created, message.reply_to_id, message.text)
        return cls(message.id, sender.id, sender.username, sender.is_bot, *where)

    def as_data(self) -> dict:
        data = {"id": self.id, "from": self.name, "at": f"{self.created:%Y-%m-%d %H:%M}"}
        if self.is_bot:
            data["bot"] = True
        if self.reply_to:
            data["reply_to"] = self.reply_to
        return {**data, "text": self.text}


def lines(messages) -> Iterator[Line]:
    """The messages of a query set, in portions: whoever has enough stops reading."""
    fields = ("id", "sender_id", "sender__username", "sender__is_bot", "created", "reply_to_id", "text")
    return map(Line._make, messages.values_list(*fields).iterator(chunk_size=50))


def search(room: Room, words: str, limit: int, before: int) -> list[Message]:
    """Messages of one room with all these words, newest first; not those of bots. Raises ChatError when it cannot."""
    return search_room(room, words, kinds=(MessageKind.HUMAN,), before=before, limit=limit)


def since_last_read(room: Room, user, before: int) -> int:
    """Where somebody was when they came: the last that they had read, or had said. before: their question's id.

    When nothing came after that, their screen has marked everything as read by now: then the earlier of the two.
    """
    mine = Membership.objects.filter(room=room, user=user).first()
    read = mine.read_seq if mine else 0
    theirs = Message.objects.filter(room=room, sender=user, pk__lt=before).order_by("-id")
    said = theirs.values_list("first_seq", flat=True).first() or 0
    new = readable(room).filter(first_seq__gt=max(read, said), pk__lt=before).exclude(sender=user)
    return max(read, said) if new.exists() else min(read, said)


def missed_by(room: Room, user, before: int):
    """The messages of others since then."""
    since = since_last_read(room, user, before)
    return readable(room).filter(first_seq__gt=since, pk__lt=before).exclude(sender=user)
