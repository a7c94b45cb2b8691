"""The arguments of a tool call, as a model wrote them: checked, or told to be wrong. Pure."""

import json
import re
from datetime import UTC, datetime

from rooms.search.message_search import EARLIEST, LATEST

MAX_WORDS = 200  # characters


class ToolError(Exception):
    """A tool was called wrongly; the message is for the model, which may do better."""


def parse_arguments(text: str) -> dict:
    """JSON to {name: a plain value}. Raises ToolError."""
    try:
        arguments = json.loads(text or "{}")
    except (ValueError, RecursionError):
        arguments = None
    if not isinstance(arguments, dict):
        raise ToolError("The arguments are not a JSON object.")
    flat = {name: value for name, value in arguments.items() if not isinstance(value, dict | list)}
    if not all(map(is_writable, (*flat, *flat.values()))):
        raise ToolError("The arguments contain characters that no text has.")
    return flat


def is_writable(value: object) -> bool:
    """Whether a database takes it: no NUL, no half of a character."""
    return not re.search(r"[\x00\ud800-\udfff]", str(value))


def get_text(arguments: dict, name: str) -> str:
    """Raises ToolError when it is missing."""
    if text := get_optional_text(arguments, name):
        return text
    raise ToolError(f"{name} must be a text.")


def get_optional_text(arguments: dict, name: str) -> str:
    """Without blanks around it, of MAX_WORDS characters at most; empty without one. Raises ToolError."""
    value = arguments.get(name)
    if value is not None and not isinstance(value, str):
        raise ToolError(f"{name} must be a text.")
    return (value or "").strip()[:MAX_WORDS]


def get_message_id(arguments: dict) -> int:
    """Whether there is such a message is not looked up. Raises ToolError."""
    id = arguments.get("id")
    if isinstance(id, bool) or not isinstance(id, int) or not 0 < id < 2**63:
        raise ToolError("id must be the number of a message.")
    return id


def get_file(arguments: dict) -> tuple[int, int]:
    """A message's id and the number of a file of it, of a text like 12/1."""
    found = re.fullmatch(r"\[?#?(\d{1,18})/(\d{1,2})\]?", get_text(arguments, "file"), re.ASCII)
    if not found:
        raise ToolError("file must be a message's id and a number, like 12/1.")
    return int(found[1]), int(found[2])


def get_page(arguments: dict) -> int:
    """From 1; the first without one. Raises ToolError."""
    page = arguments.get("page") or 1
    if isinstance(page, bool) or not isinstance(page, int) or not 0 < page < 2**31:
        raise ToolError("page must be a number, from 1 on.")
    return page


def get_time(arguments: dict, name: str) -> datetime | None:
    """A date, or a date and a time, in UTC unless it says otherwise; None when it is missing."""
    if not (text := get_optional_text(arguments, name)):
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max(moment, EARLIEST), LATEST)
    except (ValueError, OverflowError):
        raise ToolError(f"{name} must be a date or a time like 2026-11-20 or 2026-11-20T10:00.") from None


def take_operators(words: str) -> tuple[str, dict[str, str]]:
    """Words as people type them into a search field: those without from:, since: and until:, and these."""
    found = dict(_OPERATOR.findall(words))
    return " ".join(_OPERATOR.sub(" ", words).split()), found


_OPERATOR = re.compile(r"(?<!\S)(from|since|until):(\S+)")
