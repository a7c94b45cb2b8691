"""What a model may look up by itself: only in the room it is asked in, only what every member there may read."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from rooms.kernel.errors import ChatError
from rooms.kernel.notes import NO_NOTE, Note

from ..context.fitting import estimate_tokens
from ..llm.tool_calls import ToolCall
from ..models import Run
from . import room_tools
from .tool_arguments import ToolError, is_writable, parse_arguments

MAX_ROUNDS = 5
MAX_FAILURES = 3


@dataclass(slots=True)
class ToolResult:
    """output: for the model. note: for the people. read: ids of the messages in it."""

    output: str
    note: Note = NO_NOTE
    read: list[int] = field(default_factory=list)
    error: str = ""


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
    _schema("search_room", "Find messages of this room that contain all the words; newest first.", ["words"],
            words=_WORDS, sender=_text("only those of this user"), since=_SINCE, until=_UNTIL),
    _schema("read_around", "Read the messages of this room around one of them.", ["id"], id=_ID),
    _schema("read_between", "Read what was said in this room between two times; oldest first.", ["since"],
            since=_SINCE, until=_UNTIL),
    _schema("missed_by_asker", "What was said here since the person who asks you was last here; oldest first.", []),
    _schema("read_thread", "Read what a message replies to, and the replies to it.", ["id"], id=_ID),
    _schema("said_by", "The latest messages of one person in this room.", ["name"],
            name=_text("a user name"), words=_WORDS),
    _schema("list_people", "The people and bots who are members of this room.", []),
    _schema("who_is_online", "The people and bots who are in this room right now.", []),
]  # fmt: skip


def repeated() -> ToolResult:
    """For a call that was made before in the same answer: it is not carried out again."""
    error = "You have made this call before; its result is above."
    return ToolResult(orjson.dumps({"error": error}).decode(), error=error)


def run_tool(run: Run, call: ToolCall, left: int) -> ToolResult:
    """Carry out one call and add it to the run's receipt. What goes wrong is a result too.

    left: tokens that its result may have; a longer one is left out, and the model told so.
    """
    entry: dict[str, Any] = {"name": call.name[:40] if is_writable(call.name) else "", "arguments": {}}
    try:
        if call.name not in room_tools.HANDLERS:
            raise ToolError(f"There is no tool of this name. There are: {', '.join(room_tools.HANDLERS)}.")
        arguments = parse_arguments(call.arguments)
        entry["arguments"] = {name[:40]: str(value)[:100] for name, value in list(arguments.items())[:5]}
        found = room_tools.HANDLERS[call.name](run, arguments)
        result = ToolResult(orjson.dumps(found.data).decode(), found.note, found.read)
        if estimate_tokens(result.output) > left:
            raise ToolError("There is no room left for this result. Answer with what you have read.")
        entry["found"] = len(result.read)
    except (ToolError, ChatError) as error:
        result = ToolResult(orjson.dumps({"error": str(error)}).decode(), error=str(error))
        entry["error"] = str(error)
    run.tools = [*run.tools, entry]
    run.read = sorted({*run.read, *result.read})
    return result
