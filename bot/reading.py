"""What bots may read of a room, and how it is looked through. Every query here is bound to one room."""

from rooms.models import Membership, Message, MessageKind, Room, State
from rooms.search import search as find


def readable(room: Room):
    """The messages of a room that a bot may read: what was said there, finished and not deleted."""
    return Message.objects.select_related("sender").filter(
        room=room, deleted=False, kind__in=(MessageKind.HUMAN, MessageKind.BOT),
        state__in=(State.COMPLETE, State.STOPPED),
    ).exclude(text="")  # fmt: skip


def as_data(message: Message) -> dict:
    """One message as models see it."""
    data = {"id": message.id, "from": message.sender.username, "at": f"{message.created:%Y-%m-%d %H:%M}"}
    if message.sender.is_bot:
        data["bot"] = True
    if message.reply_to_id:
        data["reply_to"] = message.reply_to_id
    return {**data, "text": message.text}


def search(room: Room, words: str, limit: int, before: int) -> list[Message]:
    """Messages of one room that hold all these words, newest first. A bot's answers are not searched."""
    # A few more than wanted: bots' answers are among them, and often repeat the words.
    found = find([room], words, before=before, limit=3 * limit)
    return [message for message in found if message.kind == MessageKind.HUMAN and message.room_id == room.id][:limit]


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
