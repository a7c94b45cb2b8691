"""Caches the names of users by id: presence knows ids, and screens show names."""

import time
from collections.abc import Iterable

from msgspec import UNSET

from accounts.models import User

from ..kernel.db_executor import DATABASE_AWAY, run_db
from ..kernel.protocol import profile
from ..publishing.payloads import PersonChanged

TTL = 300.0  # seconds; names change rarely
_SHOWN = ("id", "username", "is_bot", "display_name", "picture", "status", "status_emoji", "status_until",
          "availability")  # fmt: skip
_known: dict[int, tuple[float, dict]] = {}


async def people(ids: Iterable[int]) -> list[dict]:
    """Their `profile` for each of these ids, in their order; unknown ones are left out.

    Raises what a database that is away raises only for those who were never known.
    """
    now = time.monotonic()
    missing = [id for id in ids if id not in _known or _known[id][0] < now]
    if missing:
        try:
            for user in await run_db(_load, missing):
                remember(user)
        except DATABASE_AWAY:
            if not _known.keys() >= set(missing):
                raise
    return [_known[id][1] for id in ids if id in _known]


def forget(user_id: int) -> None:
    """Somebody is called otherwise now, or says something else of themselves."""
    _known.pop(user_id, None)


def apply(change: PersonChanged, user: User) -> None:
    """To the account of a connection, under whose name and with whose rights it posts."""
    user.display_name = change.display_name
    if change.picture is not UNSET:  # an older version says nothing of it
        user.picture = change.picture
    if change.is_staff is not UNSET:  # who is no longer staff moderates nothing more by an open socket
        user.is_staff = change.is_staff


def remember(user: User) -> dict:
    """Cache the profile of a user for TTL seconds, and return it as the wire has it."""
    found = profile(user)
    _known[user.id] = (time.monotonic() + TTL, found)
    return found


def _load(ids: list[int]) -> list[User]:
    return list(User.objects.filter(pk__in=ids).only(*_SHOWN))
