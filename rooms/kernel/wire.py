"""The client wire, declared: every command and event of docs/protocol.md with the types of its fields.

`protocol` parses commands and builds events by these declarations. docs/protocol.schema.json is made from them, for
programs in other languages: `manage.py wireschema > docs/protocol.schema.json`. A field with a default may be absent.
"""

from typing import Annotated, Any, Literal, Union

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

MAX_TEXT = 8000  # characters
MAX_NUMBER = 2**63 - 1  # of ids and sequence numbers
MAX_FILES = 10  # of one message
MAX_EMOJI = 32  # characters: a family emoji is a sequence of up to 25

Number = Annotated[int, Meta(ge=0, le=MAX_NUMBER)]
# A longer text is refused by its length once it is cleaned, with how much is too much.
Text = Annotated[str, Meta(description=f"at most {MAX_TEXT} characters, counted without what nobody can see")]
RoomName = Annotated[str, Meta(description="what identifies a room in its address")]
Emoji = Annotated[str, Meta(max_length=MAX_EMOJI)]
FileId = Annotated[str, Meta(max_length=32, description="as it was answered to the upload")]
Id = Annotated[str, Meta(description="a UUID that the client made")]
Time = Annotated[str, Meta(description="ISO 8601, UTC, in milliseconds")]


class Command(Struct, tag_field="type", forbid_unknown_fields=True, kw_only=True):
    id: Id


class Send(Command, tag="send"):
    message: Text  # may be empty where there are files
    reply_to: Number | None = None
    files: Annotated[list[FileId], Meta(max_length=MAX_FILES)] | None = None


class Edit(Command, tag="edit"):
    message_id: Number
    message: Text


class Delete(Command, tag="delete"):
    message_id: Number


class React(Command, tag="react"):
    message_id: Number
    emoji: Emoji


class Unreact(Command, tag="unreact"):
    message_id: Number
    emoji: Emoji


class Pin(Command, tag="pin"):
    message_id: Number


class Unpin(Command, tag="unpin"):
    message_id: Number


class Read(Command, tag="read"):
    seq: Number


class MarkUnread(Command, tag="unread"):
    message_id: Number


class SayTyping(Command, tag="typing"):
    id: Id | None = None  # type: ignore[assignment]  # the one command that needs no answer


class Stop(Command, tag="stop"):
    message_id: Number


class Retry(Command, tag="retry"):
    message_id: Number


class Resume(Command, tag="resume"):
    since: Number


class PageCommand(Struct, tag_field="type", forbid_unknown_fields=True, kw_only=True):
    """On a page's socket, which may be in several rooms."""

    id: Id


class Subscribe(PageCommand, tag="subscribe"):
    room: RoomName
    since: Number | None = None


class Unsubscribe(PageCommand, tag="unsubscribe"):
    room: RoomName


class Ping(PageCommand, tag="ping"):
    pass


class Status(Struct):
    emoji: str
    text: str
    availability: Literal["available", "away", "dnd"]
    until: Time | UnsetType = UNSET


class Person(Struct):
    id: int
    name: str  # by which they are mentioned and addressed
    bot: bool
    display_name: str | UnsetType = UNSET  # what they are called, where it is something else
    avatar: str | UnsetType = UNSET  # the address of their picture, which changes with it
    status: Status | UnsetType = UNSET  # not of authors of messages


class Quote(Struct):
    id: int
    sender: str
    sender_id: int
    excerpt: str
    sender_display_name: str | UnsetType = UNSET


class Reaction(Struct):
    emoji: str
    users: list[int]


class File(Struct):
    id: str
    name: str
    type: str  # as found in its bytes
    size: int  # bytes
    url: str  # a path on this server, for whoever may read the message
    width: int | UnsetType = UNSET  # of a picture, in pixels; of a PDF as its first page is drawn
    height: int | UnsetType = UNSET
    alt: str | UnsetType = UNSET  # what it shows, in its sender's words
    # Of a picture, or of the first page of a PDF: a path of a small one, a WebP of at most 360 pixels a side.
    thumb: str | UnsetType = UNSET
    preview: str | UnsetType = UNSET  # the same, of at most 1,080; where it is larger than the small one
    blur: str | UnsetType = UNSET  # a tiny one as a data: address, for until the small one is loaded
    animated: bool | UnsetType = UNSET  # it moves; those made of it do not
    beginning: str | UnsetType = UNSET  # of a document: its first lines, at most 8 lines and 400 characters
    removed: int | UnsetType = UNSET  # it is gone, after so many days: the url is empty


class Said(Struct):
    """A sentence as data."""

    reason: str
    params: dict[str, Any]


class Limits(Struct):
    message: int  # characters
    frame: int  # bytes
    file: int  # bytes of one
    files: int  # of one message


class StreamingReply(Struct):
    id: int
    text: str


class Event(Struct, tag_field="type", kw_only=True):
    pass


class Message(Event, tag="message"):
    seq: int
    room: str
    id: int
    kind: Literal["human", "bot", "notice"]
    sender: Person
    message: str
    html: str
    created: Time
    client_id: str | None
    reply_to: Quote | None
    edited: Time | None
    deleted: bool
    reactions: list[Reaction]
    mentions: list[int]
    state: Literal["complete", "queued", "streaming", "stopped", "failed"]
    note: str | UnsetType = UNSET
    notes: list[Said] | UnsetType = UNSET
    notice: Said | UnsetType = UNSET
    earlier: int | UnsetType = UNSET  # answers of a bot before this one
    pinned: Time | UnsetType = UNSET  # since when
    files: list[File] | UnsetType = UNSET
    audience: list[str] | UnsetType = UNSET  # "here", "room" and names of groups that it calls


class Welcome(Event, tag="welcome"):
    room: str
    you: Person
    seq: int
    online: list[Person]
    count: int
    typing: list[Person]
    limits: Limits
    streaming: list[StreamingReply]


class Online(Event, tag="online", kw_only=True):
    online: list[Person] | UnsetType = UNSET
    count: int | UnsetType = UNSET
    stale: bool


class Ack(Event, tag="ack"):
    id: str
    message_id: int | UnsetType = UNSET
    seq: int | UnsetType = UNSET


class Error(Event, tag="error", kw_only=True):
    id: str | UnsetType = UNSET
    code: str
    reason: str
    params: dict[str, Any] | UnsetType = UNSET
    message: str
    retry_after: float | UnsetType = UNSET


class Resumed(Event, tag="resumed"):
    seq: int


class Reset(Event, tag="reset"):
    seq: int


class Head(Event, tag="head"):
    seq: int


class PersonChanged(Event, tag="person"):
    user: Person


class Joined(Event, tag="joined"):
    user: Person
    online: int


class Left(Event, tag="left"):
    user: Person
    online: int


class Typing(Event, tag="typing"):
    user: Person


class Delta(Event, tag="delta"):
    id: int
    at: int
    text: str


class RenderedBlocks(Event, tag="rendered"):
    id: int
    start: int
    end: int
    html: str


class Thought(Event, tag="thought"):
    id: int
    at: int
    text: str
    seconds: int


class Progress(Event, tag="progress"):
    id: int
    doing: Literal["reading", "thinking"]
    seconds: int
    tokens: int | UnsetType = UNSET


class Queue(Event, tag="queue"):
    id: int
    position: int


class Broadcast(Event, tag="broadcast"):
    level: Literal["overload", "normal", "info"]
    message: str
    room: str | UnsetType = UNSET
    cause: Literal["people", "loop", "database", "bot"] | UnsetType = UNSET
    people: int | UnsetType = UNSET


class System(Event, tag="system"):
    message: str


class Unread(Event, tag="unread"):
    room: str
    seq: int
    unread: int
    mention: bool
    mentions: int | UnsetType = UNSET
    title: str | UnsetType = UNSET  # of a room: it may have been renamed
    read: int | UnsetType = UNSET  # my read position: I moved it back
    first: int | UnsetType = UNSET  # the message that I marked unread then


class Rooms(Event, tag="rooms"):
    pass


class RightsChanged(Event, tag="rights"):
    room: str | None  # null: all rooms


class Blocks(Event, tag="blocks"):
    blocked: list[int]


class PreferencesChanged(Event, tag="preferences"):
    language: str
    time_format: str
    density: str
    single_keys: bool
    welcome: bool


class InvitedRoom(Struct):
    title: str
    kind: Literal["public", "private"]


class Invitation(Struct):
    id: int
    room: InvitedRoom
    by: Person
    created: Time


class Invitations(Event, tag="invitations"):
    invitations: list[Invitation]


class Inbox(Event, tag="inbox"):
    unread: int


class UnreadRoom(Struct):
    room: str
    seq: int
    unread: int
    mention: bool
    mentions: int | UnsetType = UNSET
    title: str | UnsetType = UNSET


class PageLimits(Struct):
    message: int  # characters
    frame: int  # bytes
    rooms: int  # at the same time
    file: int  # bytes of one
    files: int  # of one message


class Connected(Event, tag="connected"):
    you: Person
    limits: PageLimits
    unread: list[UnreadRoom]
    blocked: list[int]
    invitations: list[Invitation]
    inbox: int  # unread


class Unsubscribed(Event, tag="unsubscribed"):
    room: str
    code: int
    reason: str


class Alive(Event, tag="alive"):
    pass


COMMANDS = {str(each.__struct_config__.tag): each for each in Command.__subclasses__()}
EVENTS = {str(each.__struct_config__.tag): each for each in Event.__subclasses__()}


def _in_room(type: str, command: type[Struct]) -> type[Struct]:
    """The same command as a page's socket takes it."""
    fields = [("room", RoomName)]
    return msgspec.defstruct(f"{command.__name__}InRoom", fields, bases=(command,), tag=type, kw_only=True)


PAGE_COMMANDS: dict[str, type[Struct]] = {
    str(each.__struct_config__.tag): each for each in PageCommand.__subclasses__()
}
PAGE_COMMANDS |= {type: _in_room(type, each) for type, each in COMMANDS.items()}
# Types, but made while the program runs: no checker can read them.
AnyCommand: Any = Union[tuple(COMMANDS.values())]  # noqa: UP007
AnyPageCommand: Any = Union[tuple(PAGE_COMMANDS.values())]  # noqa: UP007
AnyEvent: Any = Union[tuple(EVENTS.values())]  # noqa: UP007


class RoomEvents(Struct, forbid_unknown_fields=True):
    """A frame to a page's socket: what happens in one of its rooms."""

    room: str
    events: list[AnyEvent]


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of both directions: `$defs/Command` is one frame to the server, `$defs/Event` one
    event from it; `$defs/PageCommand` and `$defs/RoomEvents` are those of a page's socket."""
    (command, page_command, event, _), types = msgspec.json.schema_components(
        [AnyCommand, AnyPageCommand, AnyEvent, RoomEvents], ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Roundtable: the websocket, subprotocol chat.v1",
        "$defs": {**types, "Command": command, "PageCommand": page_command, "Event": event},
    }
