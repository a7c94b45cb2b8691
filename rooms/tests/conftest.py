import pytest
from django.conf import settings as django_settings
from redis import Redis

from .live import WebProcess


@pytest.fixture
def web(transactional_db):
    """A running web process (see live.py), with nobody left over from the test before."""
    with Redis.from_url(django_settings.REDIS_URLS[0]) as redis:
        redis.flushdb()
    with WebProcess() as process:
        yield process


@pytest.fixture
def fast(settings):
    """No rate limit, for tests that write much."""
    settings.RATE_MESSAGES = 100_000
