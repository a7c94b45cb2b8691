"""Posts to be written together, and rooms that another program holds."""

import asyncio
import threading
import time
import uuid

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from redis import Redis

from rooms.kernel import rate_limits
from rooms.models import Room
from rooms.realtime import post_writer
from rooms.realtime.post_writer import PostWriter
from rooms.services.posting import Post

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="rows are locked one by one on PostgreSQL only"
)


def patch_threads(monkeypatch, run_write) -> None:
    """run_write(function, posts, patient) instead of a thread, whether or not the room's lock is waited for."""
    monkeypatch.setattr(post_writer, "run_write", run_write)
    monkeypatch.setattr(post_writer, "run_room_write", lambda _room, *call: run_write(*call))


def fresh_counts(monkeypatch) -> None:
    """Nobody has posted yet."""
    monkeypatch.setattr(rate_limits, "_local", rate_limits.SlidingLog())
    with Redis.from_url(django_settings.REDIS_URLS[0]) as redis:
        redis.flushdb()


def post(user, room, text, **fields) -> Post:
    return Post(user, room.id, text, fields.pop("client_id", uuid.uuid4()), **fields)


async def answers(one: PostWriter, posts) -> list:
    return await asyncio.gather(*(one.post(each) for each in posts))


def codes(outcomes) -> list[str]:
    return [getattr(outcome, "code", "ok") for outcome in outcomes]


def hold(room, locked: threading.Event, go_on: threading.Event) -> None:
    """In a thread: another program that has locked a room."""
    with transaction.atomic():
        Room.objects.select_for_update().get(pk=room.pk)
        locked.set()
        go_on.wait(60)
    connection.close()


# Tests that run beside this one have databases of their own on the same server.
_WAITING = """
SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND pid <> pg_backend_pid() AND datname = current_database()
"""


def most_waiting(ended) -> int:
    """The most sessions of this database that wait for a lock at the same time, until it ends."""
    most = 0
    with connection.cursor() as cursor:
        while not ended():
            cursor.execute(_WAITING)
            most = max(most, cursor.fetchone()[0])
            time.sleep(0.02)
    return most
