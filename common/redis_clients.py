"""Makes all Redis clients, with every limit explicit.

redis-py's defaults wait 5 s for an answer, ask up to four times, and refuse the caller after 100 connections
(docs/pitfalls.md). Our clients ask once: their callers do without Redis, or try again later.
"""

from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

MAX_CONNECTIONS = 1000  # of one client; redis-py refuses the next caller instead of making it wait
REDIS_AWAY = (RedisError, OSError)  # what a client raises when Redis refuses or does not answer; timeouts are OSErrors


def make_client(url: str, timeout: float, decode_responses: bool = False) -> Redis:
    """A client for threads.

    timeout: seconds to connect, and again for each answer.
    """
    return Redis.from_url(url, retry=Retry(NoBackoff(), 0), decode_responses=decode_responses, **_limits(timeout))


def make_async_client(url: str, timeout: float, decode_responses: bool = False) -> AsyncRedis:
    """The same for one event loop: a connection belongs to the loop that opened it."""
    return AsyncRedis.from_url(url, decode_responses=decode_responses, **async_options(timeout))


def async_options(timeout: float) -> dict:
    """The options of `make_async_client`, for pools that channels_redis makes."""
    return {"retry": AsyncRetry(NoBackoff(), 0), **_limits(timeout)}


def _limits(timeout: float) -> dict:
    return {"socket_timeout": timeout, "socket_connect_timeout": timeout, "max_connections": MAX_CONNECTIONS}
