"""The wire, as docs/protocol.md has it: commands parsed, events built. Pure; knows no model.

A command is `{"type", "id", …}` from a client; an event is `{"type", …}` to it. Both are declared in wire.py, so that
an unknown field fails where it is made.
"""

import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast, overload

import msgspec
import orjson

from accounts.plain_text import clean, nfc

from . import wire
from .errors import ChatError
from .json_text import loads
from .unicode_classes import EMOJI, EMOJI_NAME, EMPTY
from .wire import MAX_EMOJI, MAX_NUMBER, MAX_TEXT

SUBPROTOCOL = "chat.v1"
LANGUAGE = "en"  # of errors on a socket, for programs too; a page says them in its own (js_strings.py)
MAX_FRAME = 64 * 1024  # bytes
CATCH_UP_LIMIT = 2000  # changes; beyond it a client reloads the timeline

_CommandFields = dict[str, dict[str, bool]]  # command → its fields, and whether each may be absent


def _fields_of(commands: Mapping[str, type[msgspec.Struct]]) -> _CommandFields:
    return {
        type: {each.encode_name: not each.required for each in msgspec.structs.fields(declared)}
        for type, declared in commands.items()
    }


_COMMAND_FIELDS, _PAGE_COMMAND_FIELDS = _fields_of(wire.COMMANDS), _fields_of(wire.PAGE_COMMANDS)
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


@dataclass(frozen=True, slots=True)
class Command:
    type: str
    id: str | None
    fields: dict[str, Any] = field(default_factory=dict)


class BadCommand(ChatError):
    """A frame that is no command. `id` is the command's, where it could be read, for the answer."""

    def __init__(self, reason: str, id: str | None = None, /, **params: Any) -> None:
        super().__init__(reason, **params)
        self.id = id


def parse(frame: str | bytes | None, plain: bool = False) -> Command:
    """The command in one frame.

    frame: the text of a text frame; None stands for a binary one. plain: a bare {"message": …} is a `send`.
    Raises BadCommand with the reason.
    """
    data = _object(frame)
    if plain and "type" not in data and "message" in data:
        data = {"type": "send", "id": str(uuid.uuid4()), **data}
    return command(data)


def parse_for_page(frame: str | bytes | None) -> Command:
    """The same on a page's socket, where a command names its room."""
    return command(_object(frame), _PAGE_COMMAND_FIELDS)


def command(data: dict, declared: _CommandFields = _COMMAND_FIELDS) -> Command:
    """The command in an object that was parsed already. Raises BadCommand."""
    data = dict(data)
    id = data.pop("id", None)
    if id is not None:
        id = _uuid(id)
    type = data.pop("type", None)
    if not isinstance(type, str) or type not in declared:
        raise BadCommand("unknown_type", id, types=", ".join(declared))
    if id is None and not declared[type]["id"]:
        raise BadCommand("id_missing")
    return Command(type, id, _fields(type, declared[type], data, id))


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
    return orjson.dumps(event).decode()


def person(user: Any) -> dict:
    """How a person or bot is named on the wire; `user` has id, username, is_bot, display_name."""
    found = {"id": user.id, "name": user.username, "bot": user.is_bot}
    return found | {"display_name": user.display_name} if user.display_name else found


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
    """A message's text in normal form (NFC), cleaned of what no one sees. Raises ChatError when it cannot be one."""
    text = nfc(clean(text)).rstrip()
    if EMPTY.fullmatch(text):
        if may_be_empty:
            return ""
        raise ChatError("message_empty")
    if over := max(0, len(text) - MAX_TEXT):
        raise ChatError("message_too_long", excess=over, limit=MAX_TEXT)
    return text


def _object(frame: str | bytes | None) -> dict:
    if frame is None:
        raise BadCommand("frame_binary")
    try:
        data = loads(frame)
    except ValueError:
        raise BadCommand("frame_not_json") from None
    if not isinstance(data, dict):
        raise BadCommand("frame_not_object")
    return data


def _uuid(value: Any) -> str:
    """A UUID as the client wrote it: some write capitals, and the answer has to match."""
    try:
        uuid.UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise BadCommand("id_invalid") from None
    return cast(str, value)


def _fields(type: str, declared: dict[str, bool], data: dict, id: str | None) -> dict:
    unknown = data.keys() - declared.keys()
    if unknown:
        raise BadCommand("command_unknown_field", id, command=type, field=sorted(unknown)[0][:40])
    fields: dict[str, Any] = {}
    for name, optional in declared.items():
        if name == "id":
            continue
        value = data.get(name)
        if value is None:
            if optional:
                continue
            raise BadCommand("command_field_missing", id, command=type, field=name)
        if name == "files":
            fields[name] = _texts(name, value, id)
        else:
            # Of an edit only who knows the message can say whether its text may be empty.
            fields[name] = _value(type, name, value, id, type == "edit" or bool(data.get("files")))
    return fields


def _texts(name: str, value: Any, id: str | None) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) and "\0" not in each for each in value):
        raise BadCommand("field_not_texts", id, field=name)
    return value


def _value(type: str, name: str, value: Any, id: str | None, with_files: bool) -> str | int:
    if name in ("message", "emoji", "room"):
        if not isinstance(value, str):
            raise BadCommand("field_not_text", id, field=name)
        if name == "room":
            return value
        try:
            # What counted as an emoji once can still be taken back.
            return check_emoji(value) if type == "react" else check_text(value, may_be_empty=with_files)
        except ChatError as error:
            raise BadCommand(error.reason, id, **error.params) from None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_NUMBER:
        raise BadCommand("field_not_number", id, field=name)
    return value


def check_emoji(text: str) -> str:
    """One emoji, possibly a sequence that is drawn as one, or the name of one of the server's own, which may not exist.
    Nobody writes words with reactions."""
    if len(text) > MAX_EMOJI or not (EMOJI.fullmatch(text) or EMOJI_NAME.fullmatch(text)):
        raise ChatError("not_one_emoji")
    return text
