"""Finding people and rooms by name over HTTP; see docs/protocol.md."""

from ..kernel import rate_limits
from ..kernel.protocol import profile
from ..search.directory import MAX_RESULTS, FoundRoom, find_people, find_rooms
from ..services import membership, people_groups
from .framework import ApiRequest

DEFAULT_LIMIT = 20  # results, unless `limit` says otherwise
JUMP_LIMIT = 8  # of people and of rooms


def find_people_by_name(request: ApiRequest) -> dict:
    """`{"people": [<person>, …], "more": bool}`."""
    rate_limits.check_lookup(request.user.id)
    found, more = find_people(request.query.get("q", ""), _limit(request))
    return {"people": [profile(user) for user in found], "more": more}


def find_members_by_name(request: ApiRequest, name: str) -> dict:
    """`{"members": [<person>, …], "more": bool, "calls": [{"name", "people": <count>}, …]}`."""
    room = membership.get_visible_room(request.user.id, name)
    rate_limits.check_lookup(request.user.id)
    typed = request.query.get("q", "")
    found, more = find_people(typed, _limit(request), room)
    calls = people_groups.offered_calls(request.user, room, typed.strip().lstrip("@＠").lower())
    return {
        "members": [profile(user) for user in found],
        "more": more,
        "calls": [{"name": name, "people": people} for name, people in calls],
    }


def jump(request: ApiRequest) -> dict:
    """The rooms and people that match what somebody has typed, to jump to."""
    rate_limits.check_lookup(request.user.id)
    typed = request.query.get("q", "").strip()
    sign, name = (typed[:1], typed[1:]) if typed[:1] in ("@", "#") else ("", typed)
    rooms = [] if sign == "@" else find_rooms(request.user, name, JUMP_LIMIT)[0]
    people = [] if sign == "#" or not name else find_people(name, JUMP_LIMIT)[0]
    return {
        "rooms": [_serialize_room(found) for found in rooms],
        "people": [profile(user) for user in people if user.id != request.user.id],
    }


def _limit(request: ApiRequest) -> int:
    return max(1, min(request.int_parameter("limit") or DEFAULT_LIMIT, MAX_RESULTS))


def _serialize_room(found: FoundRoom) -> dict:
    room = found.room
    was = {"was": found.was} if found.was else {}
    return was | {
        "name": room.name,
        "title": room.title,
        "kind": room.kind,
        "topic": room.topic,
        "joined": found.joined,
    }
