"""How often: messages a person, over all their sockets and all processes.

A sliding log in Redis, checked for a whole group of posts in one round trip. While Redis is away each process
counts for itself: the limit is then looser, and the chat goes on.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings

from common.circuit_breaker import CircuitBreaker
from common.redis_clients import REDIS_AWAY, make_async_client, make_client

from .db_executor import DATABASE_AWAY
from .errors import ChatError
from .sliding_window import SlidingLog

TIMEOUT = 0.3  # seconds that a post may wait for its limit to be checked
SEARCHES, SEARCH_SECONDS = 20, 10  # at most, by one person in that time
LOOKUPS, LOOKUP_SECONDS = 60, 10
LINKS, LINK_SECONDS = 30, 60
UPLOADS, UPLOAD_SECONDS = 60, 60
PROFILES, PROFILE_SECONDS = 10, 60
LINKS_OF_BLOCK = 120  # in the same time, by all accounts behind an address block
COMMANDS, COMMAND_SECONDS = 100, 10  # those that everyone in a room hears of
PAUSE = 5.0  # seconds without Redis after it did not answer

_SCRIPT = Path(__file__).with_suffix(".lua").read_text()


async def check_posts(user_ids: list[int]) -> list[ChatError | None]:
    """May each of these post one message now? The answers in the same order; those allowed are counted."""
    if not _breaker.open:
        try:
            return _answers(await _async_script()(keys=_keys(user_ids), args=_arguments()))
        except REDIS_AWAY:
            _breaker.trip()
    return _answers(map(_count_here, user_ids))


async def give_back(user_ids: list[int]) -> None:
    """These have each been counted for a post that could not be written: it does not count."""
    if not _breaker.open:
        try:
            async with _async_script().registered_client.pipeline(transaction=False) as pipe:
                for key in _keys(user_ids):
                    pipe.lpop(key)  # the newest: which one goes makes no difference to how many are left
                await pipe.execute()
            return
        except REDIS_AWAY:
            _breaker.trip()
    for user_id in user_ids:
        _local.give_back(user_id)


@asynccontextmanager
async def counted_command(user_id: int) -> AsyncIterator[None]:
    """`check_command`, around what is done then: it does not count when the database could not do it."""
    await check_command(user_id)
    try:
        yield
    except DATABASE_AWAY:
        if not _breaker.open:
            with suppress(*REDIS_AWAY):  # it heals by itself, within COMMAND_SECONDS
                await _async_script().registered_client.lpop(_command_key(user_id))
        raise


async def check_command(user_id: int) -> None:
    """May this person edit, delete or react once more, on whichever socket? Raises rate_limited. While Redis is away
    each socket counts for itself."""
    if _breaker.open:
        return
    try:
        [wait] = await _async_script()(keys=[_command_key(user_id)], args=[COMMANDS, COMMAND_SECONDS * 1000])
    except REDIS_AWAY:
        _breaker.trip()
        return
    if wait:
        raise _too_often("too_many_changes", wait / 1000)


def check_post(user_id: int) -> None:
    """`check_posts` for one person, from a thread; raises rate_limited."""
    error = _check_now(user_id)
    if error:
        raise error


@contextmanager
def counted_change(user_id: int) -> Iterator[None]:
    """`check_command`, from a thread, around what is done then."""
    _check_often("commands", user_id, COMMANDS, COMMAND_SECONDS, "too_many_changes")
    yield


def check_new_room(user_id: int) -> None:
    """The same for a room that is to be made. Raises ChatError: too_many_new_rooms."""
    try:
        check_post(user_id)
    except ChatError as error:
        seconds = max(1, round(error.retry_after or 0))
        raise ChatError("too_many_new_rooms", error.retry_after, seconds=seconds) from None


@contextmanager
def counted_post(user_id: int) -> Iterator[None]:
    """`check_post`, around what is done then: it does not count when the database could not do it."""
    check_post(user_id)
    try:
        yield
    except (ChatError, *DATABASE_AWAY) as error:
        if getattr(error, "code", "unavailable") == "unavailable":
            _give_back_now(user_id)
        raise


def check_search(user_id: int) -> None:
    """May this person search once more? Raises rate_limited. While Redis is away it is not counted: each search is
    limited in time anyway."""
    _check_often("searches", user_id, SEARCHES, SEARCH_SECONDS, "too_many_searches")


def check_lookup(user_id: int) -> None:
    """The same for looking up names, which pages do while somebody types."""
    _check_often("lookups", user_id, LOOKUPS, LOOKUP_SECONDS, "too_many_lookups")


def check_upload(user_id: int) -> None:
    """May this person send one more request with files?"""
    _check_often("uploads", user_id, UPLOADS, UPLOAD_SECONDS, "too_many_uploads")


def check_profile(user_id: int) -> None:
    """May what this person is called, or says of themselves, be shown at once to others once more?"""
    _check_often("profiles", user_id, PROFILES, PROFILE_SECONDS, "too_many_changes")


def check_export(user_id: int) -> None:
    """The same for downloading all of one's data."""
    _check_often("exports", user_id, 5, 3600, "too_many_downloads")


def check_links(user_id: int, block: str) -> None:
    """The same for opening invitations, by a person and by an address block (accounts/security/client_addresses.py).
    They cannot be guessed in any time: this is for the database's sake."""
    _check_often("links", user_id, LINKS, LINK_SECONDS, "too_many_links_opened")
    check_links_of_block(block)


def check_links_of_block(block: str) -> None:
    """The same for people who are not signed in."""
    _check_often("links-of-block", block, LINKS_OF_BLOCK, LINK_SECONDS, "too_many_links_opened")


def _check_often(what: str, whose: int | str, most: int, seconds: int, reason: str) -> None:
    if _breaker.open:
        return
    try:
        [wait] = _script()(keys=[f"{settings.REDIS_PREFIX}:{what}:{whose}"], args=[most, seconds * 1000])
    except REDIS_AWAY:
        _breaker.trip()
        return
    if wait:
        raise _too_often(reason, wait / 1000)


def _too_often(reason: str, wait: float) -> ChatError:
    return ChatError(reason, wait, seconds=max(1, round(wait)))


def _check_now(user_id: int) -> ChatError | None:
    if not _breaker.open:
        try:
            return _answers(_script()(keys=_keys([user_id]), args=_arguments()))[0]
        except REDIS_AWAY:
            _breaker.trip()
    return _answers([_count_here(user_id)])[0]


def _count_here(user_id: int) -> int:
    """As the script: 0, or milliseconds to wait."""
    return math.ceil(_local.check(user_id, settings.RATE_MESSAGES, settings.RATE_SECONDS) * 1000)


def _give_back_now(user_id: int) -> None:
    if not _breaker.open:
        try:
            _script().registered_client.lpop(*_keys([user_id]))
            return
        except REDIS_AWAY:
            _breaker.trip()
    _local.give_back(user_id)


def _command_key(user_id: int) -> str:
    return f"{settings.REDIS_PREFIX}:commands:{user_id}"


def _keys(user_ids: Iterable[int]) -> list[str]:
    return [f"{settings.REDIS_PREFIX}:posts:{user_id}" for user_id in user_ids]


def _arguments() -> list[int]:
    return [settings.RATE_MESSAGES, int(settings.RATE_SECONDS * 1000)]


def _answers(waits: Iterable[int]) -> list[ChatError | None]:
    return [_too_often("sending_too_fast", wait / 1000) if wait else None for wait in waits]


@cache
def _script() -> Any:
    # One Redis of several is enough: a counter needs a home, not a shard.
    return make_client(settings.REDIS_URLS[0], TIMEOUT).register_script(_SCRIPT)


def _async_script() -> Any:
    """One client an event loop: a connection belongs to the loop that opened it."""
    loop = asyncio.get_running_loop()
    if loop not in _async_scripts:
        _async_scripts[loop] = make_async_client(settings.REDIS_URLS[0], TIMEOUT).register_script(_SCRIPT)
    return _async_scripts[loop]


_async_scripts: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()


_breaker = CircuitBreaker(PAUSE)
_local = SlidingLog()
