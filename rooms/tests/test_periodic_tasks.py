"""What a web process does every so often: when a quiet room is told its head, and who is closed."""

import time
from types import SimpleNamespace

import pytest

from rooms.realtime.periodic_tasks import HEARTBEAT_INTERVAL, PeriodicTasks


class Channel:
    def __init__(self, quiet_for: float, connections: set):
        self.last_sent, self.connections = time.monotonic() - quiet_for, connections
        self.delivered = 7
        self.pushed: list[tuple[str, int]] = []

    def push_event(self, type: str, seq: int) -> None:
        self.pushed.append((type, seq))


class Socket:
    def __init__(self, accepted: bool, stalled: bool):
        self.accepted, self.outbound = accepted, SimpleNamespace(is_stalled=lambda: stalled)
        self.closed = False

    def close_slow(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("quiet_for", "connections", "pushed"),
    [
        (HEARTBEAT_INTERVAL + 1, {"one"}, [("head", 7)]),
        (HEARTBEAT_INTERVAL / 2, {"one"}, []),
        (HEARTBEAT_INTERVAL + 1, set(), []),
    ],
)
async def test_a_room_that_was_quiet_is_told_its_head(quiet_for, connections, pushed):
    channel = Channel(quiet_for, connections)
    hub = SimpleNamespace(room_channels=[channel], connections=set())
    await PeriodicTasks(hub)._send_heartbeats_and_drop_stalled()
    assert channel.pushed == pushed


@pytest.mark.parametrize(("accepted", "stalled"), [(True, True), (True, False), (False, True), (False, False)])
async def test_a_reader_that_takes_nothing_is_closed_once_it_was_let_in(accepted, stalled):
    socket = Socket(accepted, stalled)
    hub = SimpleNamespace(room_channels=[], connections={socket})
    await PeriodicTasks(hub)._send_heartbeats_and_drop_stalled()
    assert socket.closed == (accepted and stalled)


def test_when_redis_is_back_heads_and_rights_are_checked(monkeypatch):
    spawned = []
    tasks = PeriodicTasks(SimpleNamespace(spawn=spawned.append))
    monkeypatch.setattr("rooms.realtime.periodic_tasks._runner.run_once", lambda work: work)
    tasks.redis_is_back()
    assert spawned == [tasks.check_heads, tasks.check_access]
