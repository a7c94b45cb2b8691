"""Authenticates and authorises websocket connections in batches, with a fixed number of queries for each batch."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.http.cookie import parse_cookie

from accounts.models import Token, User
from accounts.security import authentication, second_factor

from ..kernel.errors import ChatError
from ..models import Room
from ..services.membership import get_or_join_many, without_access


class Refused(Exception):
    """reason: a key of CLOSE_REASONS. retry_after: seconds until it may succeed, when that is known."""

    def __init__(self, reason: str, retry_after: float | None = None):
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Credentials:
    access: tuple[str, str]  # ("session", key) or ("token", digest)
    room_name: str


def access_from_headers(headers: dict[bytes, bytes]) -> tuple[str, str]:
    """The credentials of a handshake. With an Authorization header of any kind, the session is not looked at."""
    secret = authentication.parse_bearer(headers.get(b"authorization"))
    if secret is not None:
        return "token", Token.hash(secret)
    # Parsed as Django does: the standard library stops at the first malformed cookie, which may be another program's.
    cookies = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
    return "session", cookies.get(settings.SESSION_COOKIE_NAME, "")


def authenticate_many(visits: list[Credentials]) -> list[tuple[User, Room] | Refused]:
    """The user and the room of each handshake, in the same order."""
    known = _authenticate([visit.access for visit in visits])
    users = [known[visit.access] for visit in visits]
    entering = [
        (user, visit.room_name) for user, visit in zip(users, visits, strict=True) if not isinstance(user, Refused)
    ]
    rooms = iter(get_or_join_many(entering))
    return [user if isinstance(user, Refused) else _outcome(user, next(rooms)) for user in users]


def identify_many(accesses: list[tuple[str, str]]) -> list[User | Refused]:
    """The same for sockets that are in no room."""
    known = _authenticate(accesses)
    return [_of_all_rooms(known[access]) for access in accesses]


def revalidate(places: list[tuple[tuple[str, str], int, int | None]]) -> list[Refused | None]:
    """For each (access, user id, room id) of an open connection: why it must be closed now, or None. Without a room
    only its session or token can have ended."""
    ended = {("session", key) for key in authentication.find_ended_sessions(_keys("session", places))}
    ended |= {("token", key) for key in authentication.find_ended_tokens(_keys("token", places))}
    lost = without_access({(user_id, room_id) for _access, user_id, room_id in places if room_id is not None})

    def outcome(access: tuple[str, str], user_id: int, room_id: int | None) -> Refused | None:
        if access in ended:
            return _session_ended()
        return _not_in_room() if (user_id, room_id) in lost else None

    return [outcome(*place) for place in places]


def recheck(visits: list[tuple[tuple[str, str], User, Room | None]]) -> list[Refused | None]:
    """The same for connections authorised a moment ago, by (access, user, room) as of then. Five cheap queries."""
    standing = authentication.recheck({access: user for access, user, _room in visits})
    entered = {(user.id, room.id) for _access, user, room in visits if room}
    lost = without_access(entered)

    def outcome(access: tuple[str, str], user: User, room: Room | None) -> Refused | None:
        if access not in standing:
            return _session_ended()
        return _not_in_room() if room and (user.id, room.id) in lost else None

    return [outcome(*visit) for visit in visits]


def _keys(kind: str, places: Iterable[tuple[tuple[str, str], int, int | None]]) -> dict[str, int]:
    return {key: user_id for (shown, key), user_id, _room_id in places if shown == kind}


def _authenticate(accesses: list[tuple[str, str]]) -> dict[tuple[str, str], User | Refused]:
    found: dict[tuple[str, str], User] = {}
    for kind, users_of in (("session", authentication.get_session_users), ("token", authentication.get_token_users)):
        keys = {key for shown, key in accesses if shown == kind and key}
        if keys:
            found |= {(kind, key): user for key, user in users_of(keys).items()}
    late = second_factor.overdue(found.values())

    def outcome(user: User | None) -> User | Refused:
        if user is None:
            return Refused("sign_in_needed")
        return Refused("second_factor_needed") if user.pk in late else user

    return {access: outcome(found.get(access)) for access in accesses}


def _outcome(user: User, room: Room | ChatError) -> tuple[User, Room] | Refused:
    return Refused("no_such_room") if isinstance(room, ChatError) else (user, room)


def _of_all_rooms(user: User | Refused) -> User | Refused:
    """A socket that is in no room tells of all of them, so it is for no token of some rooms."""
    return user if isinstance(user, Refused) or user.only_rooms is None else Refused("token_of_some_rooms")


def _session_ended() -> Refused:
    return Refused("session_ended")


def _not_in_room() -> Refused:
    return Refused("not_in_room")
