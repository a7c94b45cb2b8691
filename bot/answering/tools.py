"""What a model may look up by itself: only in the room it is asked in, only what every member there may read."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from rooms.kernel.errors import ChatError
from rooms.kernel.notes import NO_NOTE, Note
from rooms.models.attachment import KINDS

from ..context.files import ChosenPicture, fit_pictures
from ..context.fitting import estimate_tokens
from ..llm.tool_calls import ToolCall
from ..models import Run
from . import file_tools, room_tools
from .file_receipt import note_files
from .tool_arguments import ToolError, is_writable, parse_arguments

MAX_ROUNDS = 5
MAX_FAILURES = 3
MIN_TOKENS = 150  # of a page of text: less of one is not worth reading
SHOWN = "You see it now with the message that you are addressed in."
NOT_DRAWN = "It cannot be shown just now."
NO_ROOM = "There is no room left to show it."
BLIND = "You cannot see pictures. What is known of it stands here."


@dataclass(slots=True)
class ToolResult:
    """output: for the model. note: for the people. read: ids of the messages in it. picture: to be shown with it."""

    output: str
    note: Note = NO_NOTE
    read: list[int] = field(default_factory=list)
    error: str = ""
    picture: ChosenPicture | None = None

    @property
    def tokens(self) -> int:
        return estimate_tokens(self.output) + (self.picture.tokens if self.picture else 0)


HANDLERS = {**room_tools.HANDLERS, **file_tools.HANDLERS}


def _schema(name: str, description: str, required: list[str], /, **properties: dict) -> dict:
    parameters = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {"name": name, "description": description, "parameters": parameters}


def _text(description: str) -> dict:
    return {"type": "string", "description": description}


_WORDS = _text("words that a message must all contain")
_SINCE = _text("not before this date or time, like 2026-11-20 or 2026-11-20T10:00; UTC")
_UNTIL = _text("before this date or time; UTC")
_ID = {"type": "integer", "description": "the id of a message"}
TOOL_SCHEMAS = [
    _schema("search_room", "Find messages of this room that contain all the words, or a file that does; newest first.",
            ["words"], words=_text("words that a message, or one of its files, must all contain"),
            sender=_text("only those of this user"), since=_SINCE, until=_UNTIL),
    _schema("read_around", "Read the messages of this room around one of them.", ["id"], id=_ID),
    _schema("read_between", "Read what was said in this room between two times; oldest first.", ["since"],
            since=_SINCE, until=_UNTIL),
    _schema("missed_by_asker", "What was said here since the person who asks you was last here; oldest first.", []),
    _schema("read_thread", "Read what a message replies to, and the replies to it.", ["id"], id=_ID),
    _schema("said_by", "The latest messages of one person in this room.", ["name"],
            name=_text("a user name"), words=_WORDS),
    _schema("list_files", "The files that were sent in this room, the latest first.", [],
            name=_text("words that a file's name must all contain"), kind={"type": "string", "enum": list(KINDS)}),
    _schema("read_file", "Read a file that was sent in this room: a page of its text, or look at a picture.", ["file"],
            file=_text("which one, like 12/1: the id of its message and its number there"),
            page={"type": "integer", "description": "of a long text, from 1 on"}),
    _schema("list_people", "The people and bots who are members of this room.", []),
    _schema("who_is_online", "The people and bots who are in this room right now.", []),
]  # fmt: skip


def repeated() -> ToolResult:
    """For a call that was made before in the same answer: it is not carried out again."""
    error = "You have made this call before; its result is above."
    return ToolResult(orjson.dumps({"error": error}).decode(), error=error)


def run_tool(run: Run, call: ToolCall, left: int, sees: bool = True) -> ToolResult:
    """Carry out one call and add it to the run's receipt. What goes wrong is a result too.

    left: tokens that its result may have; a longer one is left out, and the model told so. sees: whether it can be
    shown pictures.
    """
    entry: dict[str, Any] = {"name": call.name[:40] if is_writable(call.name) else "", "arguments": {}}
    try:
        if call.name not in HANDLERS:
            raise ToolError(f"There is no tool of this name. There are: {', '.join(HANDLERS)}.")
        arguments = parse_arguments(call.arguments)
        entry["arguments"] = {name[:40]: str(value)[:100] for name, value in list(arguments.items())[:5]}
        found = HANDLERS[call.name](run, arguments)
        result = _to_result(found, left, sees)
        if result.tokens > left:
            raise ToolError("There is no room left for this result. Answer with what you have read.")
        if found.text:
            note_files(run, [found.text], "text", found.page)
        for part in found.excerpts:
            note_files(run, [part.file], "text", part.page)
        entry["found"] = len(result.read)
    except (ToolError, ChatError) as error:
        result = ToolResult(orjson.dumps({"error": str(error)}).decode(), error=str(error))
        entry["error"] = str(error)
    run.tools = [*run.tools, entry]
    run.read = sorted({*run.read, *result.read})
    return result


def _to_result(found: room_tools.Found, left: int, sees: bool) -> ToolResult:
    picture = None
    if found.picture:
        picture = next(iter(fit_pictures([found.picture], left // 2 if sees else 0)), None)
        found.data["picture"] = SHOWN if picture else NO_ROOM if sees else BLIND
    result = ToolResult(orjson.dumps(found.data).decode(), found.note, found.read, picture=picture)
    if found.text and result.tokens > left > MIN_TOKENS:  # a page of a document may be longer than any other result
        text = found.data["text"]
        found.data["text"] = text[: len(text) * (left - MIN_TOKENS) // result.tokens] + room_tools.CUT
        result.output = orjson.dumps(found.data).decode()
    return result
