"""How a reply came about: the run that made it, and the messages it was made from, as far as a reader may see them."""

from dataclasses import dataclass

from accounts.models import User
from rooms.kernel.errors import ChatError
from rooms.models import Attachment, Message, Room
from rooms.services import bot_replies
from rooms.services.membership import get_visible_room
from rooms.text.markup import visible_text

from ..models import Run
from .citations import linked_ids

MAX_SOURCES = 50  # messages that are told of, those that the answer cites first
EXCERPT = 120  # characters of a message


@dataclass(frozen=True, slots=True)
class Source:
    """A message that an answer was made from."""

    message: Message
    is_cited: bool

    @property
    def excerpt(self) -> str:
        """The beginning of the message as readers see it, on one line, of at most EXCERPT characters."""
        words = " ".join((visible_text(self.message.html) or self.message.text).split())
        return words if len(words) <= EXCERPT else words[: EXCERPT - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file that an answer was made from, and how its model had it."""

    attachment: Attachment
    number: int
    as_picture: bool
    pages: list[int]


def get_visible_run(user: User, name: str, message_id: int) -> tuple[Message, Run]:
    """The reply and its latest run. Raises ChatError: receipt_unknown, no_such_reply, no_such_room."""
    message = bot_replies.get_visible_reply(user, name, message_id)
    run = Run.objects.select_related("bot__user", "question__room", "reads", "room").filter(message=message).first()
    if run is None:
        raise ChatError("receipt_unknown")
    return message, run


def get_visible_sources(run: Run, reply: Message, reader: User) -> list[Source]:
    """Those that the answer cites first, then the latest; none of a room that the reader has left."""
    if not _may_read_room(run.reading_room, reader):  # an answer that is theirs alone, made from a room they have left
        return []
    cited = [id for id in linked_ids(reply.text) if id in set(run.read)]
    others = [id for id in reversed(run.read) if id not in set(cited) and id != run.question_id]
    wanted = [*cited, *others][:MAX_SOURCES]
    found = Message.objects.select_related("sender").filter(room=run.reading_room_id, deleted=False).in_bulk(wanted)
    return [Source(found[id], id in cited) for id in wanted if id in found]


def get_visible_files(run: Run, reader: User) -> list[SeenFile]:
    """The files that the model was given, in the order in which it was; without those that are gone, or of rooms that
    the reader may not read."""
    if not run.files:
        return []
    # A question in direct messages about a room may have files of its own.
    readable = [room.pk for room in {run.reading_room, run.question.room} if _may_read_room(room, reader)]
    rows = Attachment.objects.select_related("message__room").filter(
        key__in=[each["key"] for each in run.files], message__deleted=False, room__in=readable
    )
    found = {row.key: row for row in rows}
    return [
        SeenFile(found[each["key"]], each["number"], each["as"] == "picture", each.get("pages", []))
        for each in run.files
        if each["key"] in found
    ]


def _may_read_room(room: Room, reader: User) -> bool:
    try:
        get_visible_room(reader.id, room.name)
    except ChatError:
        return False
    return True
