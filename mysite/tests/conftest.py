"""People of every kind around a private room, and every address of the site filled with what is about them."""

import asyncio
import signal

import pytest
from django.conf import settings
from redis import Redis

from accounts.models import Token
from rooms.models import Role, RoomKind
from rooms.realtime import channel_layer
from rooms.realtime.channel_layer import DirectPubSubChannelLayer
from rooms.services import invitation_links, membership, messages

from .routes import every_route


@pytest.fixture
def unlimited(settings, monkeypatch):
    """What is tried is not how often."""
    settings.RATE_MESSAGES = 1_000_000
    settings.ACCOUNT_RATE_LIMITS = False
    settings.EMAIL_HOST = "mail.example.org"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    for limit in ("SEARCHES", "LOOKUPS", "LINKS", "LINKS_OF_BLOCK", "COMMANDS"):
        monkeypatch.setattr(f"rooms.kernel.rate_limits.{limit}", 1_000_000)
    with Redis.from_url(settings.REDIS_URLS[0]) as redis:
        redis.flushdb()


@pytest.fixture
def people(make_user, alice, bob, charlie):
    """By kind; alice owns a private room in which bob is a member and mona a moderator."""
    mona, root = make_user("mona"), make_user("root", is_staff=True, is_superuser=True)
    return {"outsider": charlie, "member": bob, "moderator": mona, "owner": alice, "staff": root}


@pytest.fixture
def room(people):
    room = membership.create_room(people["owner"], "Plans", RoomKind.PRIVATE)
    for kind, role in (("member", Role.MEMBER), ("moderator", Role.MODERATOR)):
        place, _came = membership.add_member(room, people[kind])
        place.role = role
        place.save()
    return room


@pytest.fixture
def routes(people, room):
    said = messages.post(people["owner"], room.name, "hello")
    _made, secret = invitation_links.create_link(people["owner"], room.name)
    return every_route(
        name=room.name,
        message_id=str(said.message_id),
        username="mona",
        secret=secret,
        token_id=str(Token.issue(people["owner"], "x")[0].pk),
        app_label="accounts",
        group="rooms",
        url="accounts/",
        uidb36="1",
        key="abc",
        digest="0" * 32,
    )


@pytest.fixture
def restored():
    """The supervisor takes over signals, as it may in a process of its own."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
    before = [signal.getsignal(number) for number in numbers]
    yield
    signal.set_wakeup_fd(-1)
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture
async def layer(redis_server):
    layer = DirectPubSubChannelLayer(hosts=settings.CHANNEL_LAYERS["default"]["CONFIG"]["hosts"], prefix="test")
    yield layer
    await layer.flush()


@pytest.fixture
def hasty(monkeypatch):
    """It finds out soon that a connection is dead, and tries again soon."""
    monkeypatch.setattr(channel_layer, "PING_AFTER", 0.3)
    monkeypatch.setattr(channel_layer, "RETRY_INTERVAL", 0.05)


@pytest.fixture
def received(layer):
    """received(group) → a queue of what arrives for it."""

    async def listen(group: str) -> asyncio.Queue:
        queue = asyncio.Queue()
        layer.register(group, queue.put_nowait)
        await layer.group_add(group, group)
        return queue

    return listen
