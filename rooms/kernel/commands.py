"""The commands of the wire, as docs/protocol.md has them, parsed. Pure; knows no model.

A command is `{"type", "id", …}` from a client, declared in wire.py.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec

from . import wire
from .errors import ChatError
from .json_text import loads
from .protocol import check_emoji, check_text
from .wire import MAX_NUMBER

_CommandFields = dict[str, dict[str, bool]]  # command → its fields, and whether each may be absent


def _fields_of(commands: Mapping[str, type[msgspec.Struct]]) -> _CommandFields:
    return {
        type: {each.encode_name: not each.required for each in msgspec.structs.fields(declared)}
        for type, declared in commands.items()
    }


_COMMAND_FIELDS, _PAGE_COMMAND_FIELDS = _fields_of(wire.COMMANDS), _fields_of(wire.PAGE_COMMANDS)


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
