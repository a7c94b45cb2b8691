"""However a connection ends, nothing of it is left."""

import asyncio
import contextlib
import uuid
from collections import Counter

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError
from redis import Redis

from accounts.models import Token
from rooms.realtime import handshake
from rooms.realtime import hub as hub_module
from rooms.services import membership

from .live import until
from .raw import Raw

pytestmark = pytest.mark.django_db(transaction=True)

CRASHES = 1000
AT_ONCE = 50


@pytest.fixture
def soon_forgotten(hub, monkeypatch):
    """Rooms that are empty, and people who are gone."""
    monkeypatch.setattr(hub_module, "EMPTY_CHANNEL_TTL", 0.2)
    monkeypatch.setattr(hub.tracker, "_grace", 0)


@pytest.fixture
def tasks(web, within, alice, lobby, soon_forgotten):
    """tasks(): how many there are. What a process begins once, and what the first socket begins, is there already."""

    def count() -> int:
        return len(within(asyncio.all_tasks))

    until(lambda: not any(task.get_coro().__name__ == "_begin" for task in within(asyncio.all_tasks)))
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
    return count


def reset_at_once(raw, _web):
    raw.reset()


def reset_after_the_welcome(raw, _web):
    raw.wait_for(b"welcome")
    raw.reset()


def reset_in_the_middle_of_posting(raw, _web):
    raw.wait_for(b"welcome")
    for _ in range(3):
        raw.send(f'{{"type": "send", "id": "{uuid.uuid4()}", "message": "x"}}'.encode())
    raw.reset()


def half_a_frame(raw, _web):
    raw.wait_for(b"welcome")
    raw.socket.sendall(b"\x81\xfe\x10")
    raw.socket.close()


def no_websocket_frame(raw, _web):
    raw.wait_for(b"welcome")
    raw.socket.sendall(b"\xff\xff\xff\xff nonsense")
    raw.socket.close()


def no_utf8(raw, _web):
    raw.wait_for(b"welcome")
    raw.send(b"\xff\xfe")
    raw.socket.close()


def handler_that_raises(raw, _web):
    raw.wait_for(b"welcome")
    raw.send(b'{"type": "read", "id": "00000000-0000-4000-8000-000000000000", "seq": 1}')
    raw.wait_for(b"internal")
    raw.reset()


def task_cancelled(raw, web):
    raw.wait_for(b"welcome")
    loop = web._server.servers[0].get_loop()
    task = next(iter(web._server.server_state.tasks), None)
    if task:
        loop.call_soon_threadsafe(task.cancel)
    raw.socket.close()


def closed_well(raw, _web):
    raw.wait_for(b"welcome")
    raw.send(b"\x03\xe8", opcode=8)
    raw.socket.close()


WAYS = [
    reset_at_once, reset_after_the_welcome, reset_in_the_middle_of_posting, half_a_frame, no_websocket_frame, no_utf8,
    handler_that_raises, task_cancelled, closed_well,
]  # fmt: skip


@pytest.fixture
def often(settings, monkeypatch):
    """Before a web process is made: two people may open a thousand sockets, and misbehave on each."""
    settings.MAX_SOCKETS_PER_USER = settings.MAX_CONNECTIONS_PER_ADDRESS = 100_000
    for name in ("OFFENCES", "BLOCK_OFFENCES"):
        monkeypatch.setattr(f"rooms.realtime.connection_limits.{name}", 100_000)


@pytest.mark.long
@pytest.mark.any_database
def test_nothing_is_left_of_a_thousand_connections_that_crashed(
    often, web, hub, within, tasks, alice, bob, lobby, fast, settings, soon_forgotten, monkeypatch
):
    secrets = [Token.issue(person, "crash")[1] for person in (alice, bob)]
    kitchen = membership.get_or_create_and_join(alice, "Kitchen")
    monkeypatch.setattr("rooms.services.command_handlers.messages.mark_read", lambda *_: 1 / 0)
    before, crashed = tasks(), Counter()
    for start in range(0, CRASHES, AT_ONCE):
        some = [
            (Raw(web.port, secrets[n % 2], ("lobby", kitchen.name)[n // 2 % 2]), WAYS[n % len(WAYS)])
            for n in range(start, start + AT_ONCE)
        ]
        for raw, way in some:
            # A task that is cancelled may have been that of one of the others.
            with contextlib.suppress(AssertionError, OSError):
                way(raw, web)
                crashed[way] += 1
            raw.socket.close()
    assert all(crashed[way] > CRASHES / len(WAYS) / 2 for way in WAYS), crashed
    assert_nothing_is_left(web, hub, within)
    until(lambda: tasks() <= before)


@pytest.mark.any_database
def test_nothing_is_left_of_pages_that_crashed(often, web, hub, within, tasks, alice, bob, lobby, soon_forgotten):
    membership.get_or_create_and_join(alice, "Kitchen")
    secrets = [Token.issue(person, "crash")[1] for person in (alice, bob)]
    before = tasks()
    for n in range(60):
        raw = Raw(web.port, secrets[n % 2], path="/ws/page/")
        if n % 5:
            raw.wait_for(b"connected")
        for room in ("lobby", "kitchen")[: n % 3]:
            raw.send(f'{{"type": "subscribe", "id": "{uuid.uuid4()}", "room": "{room}"}}'.encode())
        if n % 3 and n % 2 and n % 5:
            raw.wait_for(b"welcome")
        raw.reset()
    assert_nothing_is_left(web, hub, within)
    until(lambda: tasks() <= before)


@pytest.mark.parametrize("error", [RuntimeError, OperationalError, asyncio.CancelledError])
@pytest.mark.parametrize(
    "place",
    [
        "Hub.add",
        "RoomChannel.start",
        "handshake.read_initial_state",
        "presence_events.welcome_fields",
        "PresenceTracker.arrive",
        "PresenceTracker.admit",
    ],
)
def test_nothing_is_left_when_opening_fails_anywhere(web, hub, within, tasks, alice, lobby, monkeypatch, place, error):
    _token, secret = Token.issue(alice, "crash")
    before = tasks()

    async def fail(*_args, **_options):
        raise error("here")

    home = {
        "Hub": hub_module.Hub,
        "RoomChannel": hub_module.RoomChannel,
        "handshake": handshake,
        "presence_events": handshake.presence_events,
        "PresenceTracker": hub_module.PresenceTracker,
    }
    owner, name = place.split(".")
    with monkeypatch.context() as broken:
        broken.setattr(home[owner], name, fail)
        for _ in range(5):
            raw = Raw(web.port, secret)
            with contextlib.suppress(OSError):
                raw.socket.recv(65536)  # the handshake, or the end
            raw.reset()
    assert_nothing_is_left(web, hub, within)
    until(lambda: tasks() <= before)
    with web.open(alice, "lobby") as socket:
        assert socket.wait("welcome")


def assert_nothing_is_left(web, hub, within) -> None:
    until(lambda: not web._server.server_state.connections)
    until(lambda: not hub.connections and not hub.open_sockets)
    until(lambda: not hub._rooms and not hub._people and not hub._left and not hub._starting)
    layer = within(lambda: hub._layer._get_layer())
    until(lambda: set(layer.channels) == {"broadcast"})
    assert list(layer.groups) == [layer._get_group_channel_name("broadcast")]
    assert not layer._shards[0]._confirmed
    with Redis.from_url(django_settings.REDIS_URLS[0]) as redis:
        until(lambda: redis.pubsub_channels(f"{django_settings.REDIS_PREFIX}*") == [b"roundtable__group__broadcast"])
        assert all(not shard.rooms for shard in hub.tracker._shards)
        until(lambda: within(hub.tracker.counts, ["lobby"]) == {"lobby": 0})
    assert hub.tracker.connections == 0
