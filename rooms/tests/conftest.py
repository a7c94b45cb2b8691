"""A room with two people in it, and a running web process."""

import asyncio
import os
import sys
import threading
from collections import defaultdict

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from redis import Redis

from common.circuit_breaker import CircuitBreaker
from mysite.tests.waiting import PATIENCE
from presence import sync_client
from rooms.models import Message, Room, RoomKind
from rooms.realtime import hub as hub_module
from rooms.realtime.hub import Hub
from rooms.realtime.post_writer import PostWriter
from rooms.services import bot_replies, membership, messages
from rooms.text import render_pool, rendering
from rooms.text.render_pool import RenderPool

from .api_client import Api
from .file_calls import FileClient
from .live import WebProcess
from .publishing import channel, payloads, published, reads, sent, unpublished  # noqa: F401 - fixtures
from .render_processes import processes_of
from .zerlinda import EMAIL, NAME, WORD


@pytest.fixture
def lobby(alice, bob):
    """alice's public room, with bob in it."""
    room = membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join(bob, "lobby")
    return room


@pytest.fixture
def web(transactional_db):
    """A running web process (see live.py), with nobody left over from the test before."""
    with Redis.from_url(django_settings.REDIS_URLS[0]) as redis:
        redis.flushdb()
    with WebProcess() as process:
        yield process


@pytest.fixture
def hub(web) -> Hub:
    """That of the running web process. Look at it from here, change it with `within`."""
    [found] = [hub for loop, hub in hub_module._hubs.items() if loop.is_running()]
    return found


@pytest.fixture
def within(hub):
    """within(function, *args): call it in the hub's loop; a coroutine is awaited there."""
    [loop] = [loop for loop, found in hub_module._hubs.items() if found is hub]

    def call(function, *args):
        async def run():
            result = function(*args)
            return await result if asyncio.iscoroutine(result) else result

        return asyncio.run_coroutine_threadsafe(run(), loop).result(PATIENCE)

    return call


@pytest.fixture
def elsewhere(redis_server):
    """await elsewhere(code): run it in a process of its own, with the same Redis."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "DJANGO_SETTINGS_MODULE": "mysite.settings",
        "ROUNDTABLE_NO_DOTENV": "1",
        "DATA_DIR": str(django_settings.DATA_DIR),
        "REDIS_URL": django_settings.REDIS_URLS[0],
        "SECRET_KEY": "only-for-tests",
    }

    async def run(code: str) -> None:
        command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
        process = await asyncio.create_subprocess_exec(*command, cwd=django_settings.BASE_DIR, env=environment)
        assert await process.wait() == 0

    return run


@pytest.fixture
def unlimited(settings, monkeypatch):
    """No limit of how often, for tests that do everything: "too often" is the same for everybody."""
    settings.RATE_MESSAGES = settings.MAX_INVITATIONS_PER_DAY = settings.MAX_NEW_DIRECT_PER_DAY = 1_000_000
    for limit in ("SEARCHES", "LOOKUPS", "LINKS", "LINKS_OF_BLOCK", "COMMANDS", "UPLOADS"):
        monkeypatch.setattr(f"rooms.kernel.rate_limits.{limit}", 1_000_000)


@pytest.fixture
def patient_presence(monkeypatch):
    """Redis may take as long as a busy machine needs: a page that gave it up differs from one that did not."""
    monkeypatch.setattr(sync_client, "TIMEOUT", 60)
    monkeypatch.setattr(sync_client, "_local", threading.local())  # its clients have the other timeout
    monkeypatch.setattr(sync_client, "_breakers", defaultdict(lambda: CircuitBreaker(sync_client.PAUSE)))


@pytest.fixture
def fast(settings):
    """No rate limit, for tests that write much."""
    settings.RATE_MESSAGES = 100_000


@pytest.fixture
def no_pauses(monkeypatch):
    monkeypatch.setattr("rooms.management.commands.eraseperson.PAUSE", 0)


@pytest.fixture
def say():
    """say(user, room, text) → the id of the message."""
    return lambda user, room, text: messages.post(user, room.name, text).message_id


@pytest.fixture
def plans(alice):
    """alice's private room."""
    return membership.create_room(alice, "Plans", RoomKind.PRIVATE)


@pytest.fixture
def open_plans(alice, bob):
    """alice's public room, with bob in it."""
    room = membership.create_room(alice, "Plans")
    membership.get_or_join(bob, room.name)
    return room


@pytest.fixture
def zerlinda(make_user):
    """Who is erased."""
    return make_user(NAME, email=EMAIL, status=f"{WORD} soon")


@pytest.fixture
def signed_in(client, alice):
    """alice's browser."""
    client.force_login(alice)
    return client


@pytest.fixture
def api(alice):
    return Api(alice)


@pytest.fixture
async def one(fast):
    """A writer of posts."""
    made = PostWriter()
    yield made
    await made.close()


@pytest.fixture
def said(alice, lobby):
    """A message of alice in the lobby; number 1."""
    return Message.objects.get(pk=messages.post(alice, "lobby", "first").message_id)


@pytest.fixture
def reply(said, bot_user, lobby):
    """A bot's reply to it that waits; number 2."""
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=lobby.pk)
        message = bot_replies.create_placeholder(room, bot_user, said)
        room.save()
    return message


@pytest.fixture
def pool(monkeypatch):
    """A pool of this test's own, which is patient: a busy machine cuts nothing off here."""
    rendering._pool().close()  # of the tests before
    rendering._pool.cache_clear()
    for name in ("MAX_WAIT", "TIMEOUT"):
        monkeypatch.setattr(render_pool, name, PATIENCE)
    pool = RenderPool()
    monkeypatch.setattr(rendering, "_pool", lambda: pool)
    monkeypatch.setattr(rendering, "_budgets", rendering._Budgets())
    yield pool
    pool.close()
    assert not processes_of(os.getpid())


@pytest.fixture
def kitchen(alice, bob, lobby) -> Room:
    """A second room of alice and bob."""
    room = membership.get_or_create_and_join(alice, "Kitchen")
    membership.get_or_join(bob, "kitchen")
    return room


@pytest.fixture
def mona(django_user_model):
    """Somebody who belongs to no room."""
    return django_user_model.objects.create_user("mona", password="correct horse")


@pytest.fixture
def hers(web, lobby, alice):
    return FileClient(web, alice)


@pytest.fixture
def his(web, lobby, bob):
    return FileClient(web, bob)
