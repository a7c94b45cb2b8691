"""The fields of each command and event, as docs/protocol.md writes them: with "?" when they may be absent."""

from msgspec.structs import fields

from rooms.kernel import wire


def _names(declared: dict[str, type]) -> dict[str, tuple[str, ...]]:
    return {
        type: tuple(f"{each.encode_name}{'' if each.required else '?'}" for each in fields(struct))
        for type, struct in declared.items()
    }


EVENTS = _names(wire.EVENTS)
COMMANDS, PAGE_COMMANDS = (
    {type: tuple(name for name in names if name.rstrip("?") != "id") for type, names in _names(declared).items()}
    for declared in (wire.COMMANDS, wire.PAGE_COMMANDS)
)
