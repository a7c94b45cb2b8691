"""Finding people and rooms by name over HTTP, as docs/protocol.md has it."""

from ..kernel import rate_limits
from ..kernel.protocol import person
from ..search.directory import MAX_FOUND, FoundRoom, find_people, find_rooms
from ..services import membership
from .framework import Call

FOUND = 20  # at most, unless more are asked for
JUMP = 8  # of people and of rooms


def people(call: Call) -> dict:
    rate_limits.check_lookup(call.user.id)
    found, more = find_people(call.query.get("q", ""), _limit(call))
    return {"people": [person(user) for user in found], "more": more}


def members(call: Call, name: str) -> dict:
    room = membership.get_visible_room(call.user.id, name)
    rate_limits.check_lookup(call.user.id)
    found, more = find_people(call.query.get("q", ""), _limit(call), room)
    return {"members": [person(user) for user in found], "more": more}


def jump(call: Call) -> dict:
    """Where somebody may go who types this: rooms, and people to write to."""
    rate_limits.check_lookup(call.user.id)
    typed = call.query.get("q", "").strip()
    sign, name = (typed[:1], typed[1:]) if typed[:1] in ("@", "#") else ("", typed)
    rooms = [] if sign == "@" else find_rooms(call.user, name, JUMP)[0]
    people = [] if sign == "#" or not name else find_people(name, JUMP)[0]
    return {
        "rooms": [_room(found) for found in rooms],
        "people": [person(user) for user in people if user.id != call.user.id],
    }


def _limit(call: Call) -> int:
    return max(1, min(call.number("limit") or FOUND, MAX_FOUND))


def _room(found: FoundRoom) -> dict:
    room = found.room
    return {
        "name": room.name,
        "title": room.title,
        "kind": room.kind,
        "topic": room.topic,
        "joined": found.joined,
    }
