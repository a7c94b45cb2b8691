"""What lies in Redis, and the scripts that are the only ones to touch it. Keys: see lua/prelude.lua.

Who came first and who left last is decided inside Redis, so any number of processes can ask at once.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from channels_redis.utils import _consistent_hash
from django.conf import settings
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from common.redis_clients import make_async_client, make_client

# Seconds.
LIFETIME = 30.0  # of a connection that is not renewed
BEAT = 10.0
SILENT = 13.0  # without a beat: the process is probably dead
GRACE = 3.0  # back within it makes no noise
LATE = 2.0  # more, until others tell what the process that saw it did not
RESTART_GRACE = 10.0  # the same while the server restarts
RECOVERY = 6.0  # after Redis was emptied: every process has beaten by then
PATIENCE = BEAT + 2.5  # after nobody swept for a while: everybody has beaten by then, even who noticed nothing
AWAY_AFTER = 300.0  # without input
HOLD = 30.0  # at least, between two changes of an overload
PAUSE = 0.5  # at least, between two tellings in a crowd
COALESCED_PAUSE = 5.0  # the same during an overload

CROWD = 200  # people; above it changes are gathered and lists shortened
SERVER = "@server"  # the room of everybody; no room can be named so

_MS = {
    "LIFETIME": LIFETIME,
    "SILENT": SILENT,
    "GRACE": GRACE,
    "LATE": LATE,
    "RECOVERY": RECOVERY,
    "PATIENCE": PATIENCE,
    "GAP": 5.0,
    "REMEMBERED": 90 * 86400.0,
    "TYPING": 5.0,
    "TYPING_PAUSE": 3.0,
    "HOLD": HOLD,
    "FELT": 15.0,
}
_COUNTS = {"CROWD_SHOWN": CROWD, "FEW": 50, "FAST": 20}
_FOLDER = Path(__file__).parent / "lua"


@dataclass(frozen=True, slots=True)
class Script:
    source: str
    sha: str


def _load(name: str) -> Script:
    numbers = {name: int(seconds * 1000) for name, seconds in _MS.items()} | _COUNTS
    head = "".join(f"local {name} = {number}\n" for name, number in numbers.items())
    source = head + (_FOLDER / "prelude.lua").read_text() + (_FOLDER / f"{name}.lua").read_text()
    return Script(source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())


SCRIPTS = {path.stem: _load(path.stem) for path in sorted(_FOLDER.glob("*.lua")) if path.stem != "prelude"}


def prefix() -> str:
    """What the names of all keys begin with, so that several installations can share a Redis."""
    return f"{settings.REDIS_PREFIX}:presence"


def shard_of(name: str | int, shards: int) -> int:
    """The Redis that a room (by name) or a person (by id) lives on."""
    return _consistent_hash(str(name), shards)


def make_async_clients(timeout: float = 1.0) -> list[AsyncRedis]:
    """A client for each Redis of the settings, for a loop."""
    return [make_async_client(url, timeout, decode_responses=True) for url in settings.REDIS_URLS]


def make_sync_clients(timeout: float) -> list[Redis]:
    """One for each Redis, in the order of REDIS_URLS, by which rooms are divided. timeout: seconds for each answer."""
    return [make_client(url, timeout, decode_responses=True) for url in settings.REDIS_URLS]
