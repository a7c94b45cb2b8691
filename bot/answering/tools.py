"""What a model may look up by itself: only in the room it is asked in, only what every member there may read."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from presence import sync_client as presence
from rooms.kernel.errors import ChatError
from rooms.models import Message

from ..context.fitting import estimate
from ..context.message_queries import Line, readable, search
from ..llm.tool_calls import Call
from ..models import Run
from . import builtin

MAX_ROUNDS = 5
MAX_FAILURES = 3
FOUND = 12  # messages in a result
LONGEST = 600  # characters of each


@dataclass(slots=True)
class Result:
    """output: for the model. note: for the people. read: ids of the messages in it."""

    output: str
    note: str = ""
    read: list[int] = field(default_factory=list)
    error: str = ""


class CannotUse(Exception):
    """A tool was called wrongly; the message is for the model, which may do better."""


def _tool(name: str, description: str, required: list[str], /, **properties: dict) -> dict:
    parameters = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {"name": name, "description": description, "parameters": parameters}


_WORDS = {"type": "string", "description": "words that a message must all contain"}
TOOLS = [
    _tool("search_room", "Find messages of this room that contain all the words; newest first.", ["words"],
          words=_WORDS),
    _tool("read_around", "Read the messages of this room around one of them.", ["id"],
          id={"type": "integer", "description": "the id of a message"}),
    _tool("who_is_online", "The people and bots who are in this room right now.", []),
    _tool("said_by", "The latest messages of one person in this room.", ["name"],
          name={"type": "string", "description": "a user name"}, words=_WORDS),
]  # fmt: skip


def budget(run: Run) -> int:
    """Tokens that the results of all calls of one answer may have together: as much as it was given to read."""
    return run.bot.context_tokens or settings.BOT_CONTEXT_TOKENS


def use(run: Run, call: Call, left: int) -> Result:
    """Carry out one call and add it to the run's receipt. What goes wrong is a result too.

    left: tokens that its result may have; a longer one is left out, and the model told so.
    """
    entry: dict[str, Any] = {"name": call.name[:40] if _is_writable(call.name) else "", "arguments": {}}
    try:
        arguments = _arguments(call)
        entry["arguments"] = {name[:40]: str(value)[:100] for name, value in list(arguments.items())[:5]}
        result = _TOOLS[call.name](run, arguments)
        if estimate(result.output) > left:
            raise CannotUse("There is no room left for this result. Answer with what you have read.")
        entry["found"] = len(result.read)
    except (CannotUse, ChatError) as error:
        result = Result(orjson.dumps({"error": str(error)}).decode(), error=str(error))
        entry["error"] = str(error)
    run.tools = [*run.tools, entry]
    run.read = sorted({*run.read, *result.read})
    return result


def _arguments(call: Call) -> dict:
    if call.name not in _TOOLS:
        raise CannotUse(f"There is no tool of this name. There are: {', '.join(_TOOLS)}.")
    try:
        arguments = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        arguments = None
    if not isinstance(arguments, dict):
        raise CannotUse("The arguments are not a JSON object.")
    flat = {name: value for name, value in arguments.items() if not isinstance(value, dict | list)}
    if not all(map(_is_writable, (*flat, *flat.values()))):
        raise CannotUse("The arguments contain characters that no text has.")
    return flat


def _is_writable(value: object) -> bool:
    """Whether a database takes it: no NUL, no half of a character."""
    return not re.search(r"[\x00\ud800-\udfff]", str(value))


def _search_room(run: Run, arguments: dict) -> Result:
    words = _text(arguments, "words")
    return _messages(
        search(_room(run), words, FOUND, run.question_id), _("searched “{words}”").format(words=words[:60])
    )


def _read_around(run: Run, arguments: dict) -> Result:
    id = arguments.get("id")
    if isinstance(id, bool) or not isinstance(id, int) or not 0 < id < 2**63:
        raise CannotUse("id must be the number of a message.")
    here = readable(_room(run))
    before = list(here.filter(pk__lte=id).order_by("-id")[: FOUND // 2])
    after = list(here.filter(pk__gt=id).order_by("id")[: FOUND // 2])
    if not before or before[0].id != id:
        raise CannotUse("There is no such message in this room.")
    return _messages([*reversed(before), *after], _("read messages around #{id}").format(id=id))


def _who_is_online(run: Run, _arguments: dict) -> Result:
    online = presence.online(_room(run).name)
    if online.stale:
        raise CannotUse("Who is online cannot be known just now.")
    names = builtin.names_of(online.ids)
    return Result(orjson.dumps({"online": names, "count": online.count}).decode(), _("checked who is here"))


def _said_by(run: Run, arguments: dict) -> Result:
    name = _text(arguments, "name").lstrip("@＠")
    found = readable(_room(run)).filter(sender__username__iexact=name, pk__lt=run.question_id)
    for word in str(arguments.get("words") or "").split()[:8]:
        found = found.filter(text__icontains=word)
    return _messages(list(found.order_by("-id")[:FOUND]), _("looked up what {name} said").format(name=name[:32]))


def _messages(found: list[Message], note: str) -> Result:
    shown = [Line.of(message)._replace(text=message.text[:LONGEST]).as_data() for message in found]
    return Result(orjson.dumps({"messages": shown}).decode(), note, [message.id for message in found])


def _text(arguments: dict, name: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str) or not value.strip():
        raise CannotUse(f"{name} must be a text.")
    return value.strip()[:200]


def _room(run: Run):
    """Where it was asked, wherever the answer goes."""
    return run.question.room


_TOOLS: dict[str, Callable[[Run, dict], Result]] = {
    "search_room": _search_room,
    "read_around": _read_around,
    "who_is_online": _who_is_online,
    "said_by": _said_by,
}
