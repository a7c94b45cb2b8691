"""The wire, as docs/protocol.md has it: its events built, its values written and checked. Pure; knows no model.

An event is `{"type", …}` to a client, declared in wire.py, so that an unknown field fails where it is made. What comes
from a client is parsed in commands.py.
"""

import math
from datetime import UTC, datetime
from typing import Any, overload

import msgspec
import orjson

from accounts.plain_text import clean, nfc

from . import wire
from .errors import ChatError
from .unicode_classes import EMOJI, EMOJI_NAME, EMPTY
from .wire import MAX_EMOJI, MAX_NUMBER, MAX_TEXT

SUBPROTOCOL = "chat.v1"
LANGUAGE = "en"  # of errors on a socket, for programs too; a page says them in its own (js_strings.py)
MAX_FRAME = 64 * 1024  # bytes
CATCH_UP_LIMIT = 2000  # changes; beyond it a client reloads the timeline

# Event → its fields, and those that are always there.
_EVENT_FIELDS = {
    type: (
        frozenset(each.encode_name for each in msgspec.structs.fields(declared)),
        frozenset(each.encode_name for each in msgspec.structs.fields(declared) if each.required),
    )
    for type, declared in wire.EVENTS.items()
}
# What a client without a subprotocol sees: events with a text to show.
PLAIN_EVENTS = {"message", "system", "broadcast", "error"}


def event(type: str, **fields: Any) -> dict:
    """An event of the wire. Raises ValueError for a field that the protocol does not have."""
    declared, required = _EVENT_FIELDS[type]
    if not required <= fields.keys() <= declared:
        raise ValueError(f"{type} has the fields {sorted(declared)}, not {sorted(fields)}")
    return {"type": type, **fields}


def error_event(error: ChatError, id: str | None = None) -> dict:
    """The error as it is on the wire, its sentence in the active language."""
    fields = error_fields(error)
    if id is not None:
        fields["id"] = id
    return event("error", **fields)


def error_fields(error: ChatError) -> dict:
    """{"code", "reason", "message", "params"?, "retry_after"?}"""
    fields: dict[str, Any] = {"code": error.code, "reason": error.reason, "message": error.message}
    if error.params:
        fields["params"] = error.params
    if error.retry_after is not None:
        # Rounded up: who comes back a moment early is refused again.
        fields["retry_after"] = math.ceil(error.retry_after * 10) / 10
    return fields


def encode(event: dict) -> str:
    """JSON without spaces or line breaks, as it goes over the wire."""
    return orjson.dumps(event).decode()


def person(user: Any) -> dict:
    """How a person or bot is named on the wire; `user` has id, username, is_bot, display_name, avatar."""
    found = {"id": user.id, "name": user.username, "bot": user.is_bot}
    if user.display_name:
        found["display_name"] = user.display_name
    if user.avatar:
        found["avatar"] = user.avatar
    return found


def profile(user: Any) -> dict:
    """The same with their status, where there is one: in lists of people, which are made anew when it changes."""
    status = user.current_status
    if status is None:
        return person(user)
    until = {"until": timestamp(status.until)} if status.until else {}
    said = {"emoji": status.emoji, "text": status.text, "availability": status.availability or "available"}
    return person(user) | {"status": said | until}


def whole_number(text: str | None) -> int | None:
    """The number that stands in an address or a form; None where there is none, or one that no id or seq can be."""
    if not (text and text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_NUMBER))):
        return None
    return number if (number := int(text)) <= MAX_NUMBER else None


@overload
def timestamp(moment: datetime) -> str: ...
@overload
def timestamp(moment: None) -> None: ...
@overload
def timestamp(moment: datetime | None) -> str | None: ...
def timestamp(moment: datetime | None) -> str | None:
    """UTC with milliseconds and a `Z`, as in 2026-03-01T12:00:00.000Z. None stays None."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime | None:
    """The time that a client names, with its zone; None for any other text, and for one that no calendar has in UTC."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def check_text(text: str, may_be_empty: bool = False) -> str:
    """A message's text in normal form (NFC), without invisible characters.

    Raises ChatError: message_empty, message_too_long.
    """
    text = nfc(clean(text)).rstrip()
    if EMPTY.fullmatch(text):
        if may_be_empty:
            return ""
        raise ChatError("message_empty")
    if over := max(0, len(text) - MAX_TEXT):
        raise ChatError("message_too_long", excess=over, limit=MAX_TEXT)
    return text


def check_emoji(text: str) -> str:
    """One emoji, possibly a sequence that is drawn as one, or the name of one of the server's own, which may not exist.
    Nobody writes words with reactions.

    Raises ChatError: not_one_emoji.
    """
    if len(text) > MAX_EMOJI or not (EMOJI.fullmatch(text) or EMOJI_NAME.fullmatch(text)):
        raise ChatError("not_one_emoji")
    return text
