"""A pytest plugin: each test process has a Redis of its own, which a test may stop."""

import re

import pytest
from django.conf import settings
from redis import Redis

from mysite.supervisor.embedded_redis import EmbeddedRedis
from mysite.testing import DATA_DIR


@pytest.fixture(scope="session", autouse=True)
def redis_server():
    """The tests' Redis, at settings.REDIS_URLS[0]. `.stop()` and `.start()` it to see what happens without."""
    server = EmbeddedRedis(DATA_DIR / "redis.sock", DATA_DIR / "redis")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_client(redis_server):
    with Redis.from_url(settings.REDIS_URLS[0]) as client:
        yield client


@pytest.fixture(autouse=True)
def fresh_redis(redis_client):
    """What tests before this one posted or looked up does not count, and nobody is online from them: people and rooms
    have the same ids and names again."""
    left_over = rb":((posts|commands|searches|lookups|uploads|links|links-of-block):[^:]+$|presence:)"
    keys = redis_client.keys(f"{settings.REDIS_PREFIX}:*")
    if keys := [key for key in keys if re.search(left_over, key)]:
        redis_client.delete(*keys)


@pytest.fixture
def lost_redis(redis_server):
    """Redis stopped for the test's duration, back afterwards. `.start()` it earlier when that is the point."""
    redis_server.stop()
    yield redis_server
    if redis_server.process.poll() is not None:
        redis_server.start()
