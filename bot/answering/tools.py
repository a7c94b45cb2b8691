"""What a model may look up by itself: only in the room it is asked in, only what every member there may read."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.utils.translation import gettext as _

from presence import sync_client
from rooms.kernel.errors import ChatError
from rooms.models import Message

from ..context.fitting import estimate_tokens
from ..context.message_queries import PromptMessage, readable_messages, search_messages
from ..llm.tool_calls import ToolCall
from ..models import Run
from . import builtin

MAX_ROUNDS = 5
MAX_FAILURES = 3
MAX_RESULTS = 12  # messages in a result
MAX_MESSAGE_LENGTH = 600  # characters of each


@dataclass(slots=True)
class ToolResult:
    """output: for the model. note: for the people. read: ids of the messages in it."""

    output: str
    note: str = ""
    read: list[int] = field(default_factory=list)
    error: str = ""


class ToolError(Exception):
    """A tool was called wrongly; the message is for the model, which may do better."""


def _schema(name: str, description: str, required: list[str], /, **properties: dict) -> dict:
    parameters = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {"name": name, "description": description, "parameters": parameters}


_WORDS_SCHEMA = {"type": "string", "description": "words that a message must all contain"}
TOOL_SCHEMAS = [
    _schema("search_room", "Find messages of this room that contain all the words; newest first.", ["words"],
          words=_WORDS_SCHEMA),
    _schema("read_around", "Read the messages of this room around one of them.", ["id"],
          id={"type": "integer", "description": "the id of a message"}),
    _schema("who_is_online", "The people and bots who are in this room right now.", []),
    _schema("said_by", "The latest messages of one person in this room.", ["name"],
          name={"type": "string", "description": "a user name"}, words=_WORDS_SCHEMA),
]  # fmt: skip


def run_tool(run: Run, call: ToolCall, left: int) -> ToolResult:
    """Carry out one call and add it to the run's receipt. What goes wrong is a result too.

    left: tokens that its result may have; a longer one is left out, and the model told so.
    """
    entry: dict[str, Any] = {"name": call.name[:40] if _is_writable(call.name) else "", "arguments": {}}
    try:
        arguments = _parse_arguments(call)
        entry["arguments"] = {name[:40]: str(value)[:100] for name, value in list(arguments.items())[:5]}
        result = _HANDLERS[call.name](run, arguments)
        if estimate_tokens(result.output) > left:
            raise ToolError("There is no room left for this result. Answer with what you have read.")
        entry["found"] = len(result.read)
    except (ToolError, ChatError) as error:
        result = ToolResult(orjson.dumps({"error": str(error)}).decode(), error=str(error))
        entry["error"] = str(error)
    run.tools = [*run.tools, entry]
    run.read = sorted({*run.read, *result.read})
    return result


def _parse_arguments(call: ToolCall) -> dict:
    if call.name not in _HANDLERS:
        raise ToolError(f"There is no tool of this name. There are: {', '.join(_HANDLERS)}.")
    try:
        arguments = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        arguments = None
    if not isinstance(arguments, dict):
        raise ToolError("The arguments are not a JSON object.")
    flat = {name: value for name, value in arguments.items() if not isinstance(value, dict | list)}
    if not all(map(_is_writable, (*flat, *flat.values()))):
        raise ToolError("The arguments contain characters that no text has.")
    return flat


def _is_writable(value: object) -> bool:
    """Whether a database takes it: no NUL, no half of a character."""
    return not re.search(r"[\x00\ud800-\udfff]", str(value))


def _search_room(run: Run, arguments: dict) -> ToolResult:
    words = _require_text(arguments, "words")
    return _messages_result(
        search_messages(_room(run), words, MAX_RESULTS, run.question_id),
        _("searched “{words}”").format(words=words[:60]),
    )


def _read_around(run: Run, arguments: dict) -> ToolResult:
    id = arguments.get("id")
    if isinstance(id, bool) or not isinstance(id, int) or not 0 < id < 2**63:
        raise ToolError("id must be the number of a message.")
    here = readable_messages(_room(run))
    before = list(here.filter(pk__lte=id).order_by("-id")[: MAX_RESULTS // 2])
    after = list(here.filter(pk__gt=id).order_by("id")[: MAX_RESULTS // 2])
    if not before or before[0].id != id:
        raise ToolError("There is no such message in this room.")
    return _messages_result([*reversed(before), *after], _("read messages around #{id}").format(id=id))


def _who_is_online(run: Run, _arguments: dict) -> ToolResult:
    online = sync_client.get_online(_room(run).name)
    if online.stale:
        raise ToolError("Who is online cannot be known just now.")
    names = builtin.get_usernames(online.ids)
    return ToolResult(orjson.dumps({"online": names, "count": online.count}).decode(), _("checked who is here"))


def _said_by(run: Run, arguments: dict) -> ToolResult:
    name = _require_text(arguments, "name").lstrip("@＠")
    found = readable_messages(_room(run)).filter(sender__username__iexact=name, pk__lt=run.question_id)
    for word in str(arguments.get("words") or "").split()[:8]:
        found = found.filter(text__icontains=word)
    return _messages_result(
        list(found.order_by("-id")[:MAX_RESULTS]), _("looked up what {name} said").format(name=name[:32])
    )


def _messages_result(found: list[Message], note: str) -> ToolResult:
    shown = [
        PromptMessage.from_message(message)._replace(text=message.text[:MAX_MESSAGE_LENGTH]).to_dict()
        for message in found
    ]
    return ToolResult(orjson.dumps({"messages": shown}).decode(), note, [message.id for message in found])


def _require_text(arguments: dict, name: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ToolError(f"{name} must be a text.")
    return value.strip()[:200]


def _room(run: Run):
    """Where it was asked, wherever the answer goes."""
    return run.question.room


_HANDLERS: dict[str, Callable[[Run, dict], ToolResult]] = {
    "search_room": _search_room,
    "read_around": _read_around,
    "who_is_online": _who_is_online,
    "said_by": _said_by,
}
