"""Presence for Django's views and templates: synchronous, bounded, and empty rather than an error without Redis."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from redis import Redis
from redis.exceptions import NoScriptError

from common.circuit_breaker import CircuitBreaker
from common.redis_clients import REDIS_AWAY

from .store import SCRIPTS, SERVER, make_sync_clients, prefix, shard_of
from .tracker_queries import parse_status
from .types import OnlineList, PresenceStatus

TIMEOUT = 0.3  # seconds for one Redis
PAUSE = 2.0  # seconds without trying again after it failed


def get_counts(rooms: Iterable[str]) -> dict[str, int]:
    """How many people are in each room; 0 for all on a Redis that is away."""
    found: dict[str, int] = {}
    for shard, names in _group_by_shard(rooms):
        reply = _call(shard, "counts", *names)
        found |= zip(names, reply[0], strict=True) if reply else dict.fromkeys(names, 0)
    return found


def get_online(room: str, everybody: bool = True) -> OnlineList:
    """Who is in a room; stale and empty when Redis is away."""
    reply = _call(shard_of(room, _shards()), "online", int(everybody), room)
    if not reply:
        return OnlineList([], 0, stale=True)
    people, ids, typing = reply[0][0]
    return OnlineList([int(id) for id in ids], people, typing=[int(id) for id in typing])


def get_status(user_ids: Iterable[int]) -> dict[int, PresenceStatus] | None:
    """Here, away or when last seen, for each; None when that cannot be known just now."""
    found: dict[int, PresenceStatus] = {}
    for shard, ids in _group_by_shard(user_ids):
        reply = _call(shard, "status", *ids)
        if not reply:
            return None
        found |= zip(ids, map(parse_status, reply[0]), strict=True)
    return found


def forget_last_seen(user_id: int) -> bool:
    """Forget when somebody was seen last. False when they are still here, or Redis is away: ask again later."""
    reply = _call(shard_of(user_id, _shards()), "forget", user_id)
    return bool(reply and reply[0])


def get_live_bots(user_ids: Iterable[int]) -> set[int]:
    """Those of these bots that a worker is alive for; none when Redis is away."""
    alive: set[int] = set()
    for shard, ids in _group_by_shard(user_ids):
        reply = _call(shard, "bots", *ids)
        alive.update(id for id, here in zip(ids, reply[0] if reply else [], strict=False) if here)
    return alive


def count_people() -> int | None:
    """How many people are on the whole server; None when that cannot be known just now."""
    replies = [_call(shard, "counts", SERVER) for shard in range(_shards())]
    return sum(reply[0][0] for reply in replies if reply) if all(replies) else None


def get_overload() -> str | None:
    """Why the server is overloaded ("people", "loop", "database", "bot"), "" when it is not, None when unknown."""
    reply = _call(shard_of(SERVER, _shards()), "overload", SERVER)
    return reply[0] if reply else None


_local = threading.local()
_breakers: defaultdict[int, CircuitBreaker] = defaultdict(lambda: CircuitBreaker(PAUSE))  # one a shard


def _call(shard: int, script: str, *args) -> list | None:
    """A script's answer without its common part, or None when that Redis is away."""
    if _breakers[shard].open:
        return None
    call = (1, prefix(), "", "", f"views.{time.time_ns()}", 0, 0, *args)
    try:
        try:
            reply = _client(shard).evalsha(SCRIPTS[script].sha, *call)
        except NoScriptError:
            reply = _client(shard).eval(SCRIPTS[script].source, *call)
    except REDIS_AWAY:
        _breakers[shard].trip()
        return None
    return reply[2:]


def _client(shard: int) -> Redis:
    # A connection a thread: no view waits for another's.
    if getattr(_local, "urls", None) != settings.REDIS_URLS:
        _local.urls, _local.clients = list(settings.REDIS_URLS), make_sync_clients(TIMEOUT)
    return _local.clients[shard]


def _shards() -> int:
    return len(settings.REDIS_URLS)


def _group_by_shard(names: Iterable) -> list[tuple[int, list]]:
    groups: dict[int, list] = {}
    for name in names:
        groups.setdefault(shard_of(name, _shards()), []).append(name)
    return list(groups.items())
