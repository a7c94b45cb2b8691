"""Who is here while nobody can tell: the lists stay, marked as stale, and are right again afterwards."""

import asyncio
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from presence.types import PresenceChange
from rooms.publishing import events
from rooms.queries import bot_status
from rooms.realtime import presence_events
from rooms.services import membership

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]  # Redis tells who is here


@pytest.fixture
def outage(redis_server):
    """Redis stops when called, and is there again after the test."""
    yield redis_server.stop
    if redis_server.process.poll() is not None:
        redis_server.start()


def test_lists_are_stale_while_redis_is_away_and_right_afterwards(web, alice, bob, redis_server, outage):
    membership.get_or_create_and_join(alice, "Lobby")
    with web.open(alice, "lobby") as one:
        one.wait("welcome")
        outage()
        assert one.wait("online") == {"type": "online", "stale": True}
        with web.open(bob, "lobby") as other:
            other.wait("welcome")
            assert other.wait("online")["stale"]
            redis_server.start()
            event = one.wait("online", stale=False)
            assert sorted(person["name"] for person in event["online"]) == ["alice", "bob"]
            assert event["count"] == 2


@pytest.fixture
def often(monkeypatch):
    """Before `web`: what was missed is looked for ten times a second, and found after a fifth of one."""
    monkeypatch.setattr("rooms.realtime.periodic_tasks.PEOPLE_INTERVAL", 0.1)
    monkeypatch.setattr("rooms.realtime.presence_drift.QUIET", 0.2)


def names(event) -> list[str]:
    return sorted(person["name"] for person in event["online"])


@pytest.mark.parametrize("lost", ["joined", "left"])
def test_a_change_that_was_lost_is_made_good_by_a_list(often, web, alice, bob, lobby, monkeypatch, lost):
    real = events.presence

    def presence(room, type, person, *counts):
        if (type, person["name"]) != (lost, "bob"):
            real(room, type, person, *counts)

    monkeypatch.setattr(events, "presence", presence)
    with web.open(alice, "lobby") as one:
        one.wait("welcome")
        with web.open(bob, "lobby") as two:
            two.wait("welcome")
            if lost == "joined":
                assert names(one.wait("online", count=2)) == ["alice", "bob"]
            else:
                one.wait("joined", online=2)
        if lost == "left":
            assert names(one.wait("online", count=1)) == ["alice"]


def test_a_room_that_cannot_be_told_holds_up_no_other_and_is_told_later(
    often, web, hub, within, alice, lobby, monkeypatch
):
    kitchen, listening = membership.get_or_create_and_join(alice, "Kitchen"), bot_status._listening
    with web.open(alice, "lobby") as one, web.open(alice, "kitchen") as other:
        one.wait("welcome")
        other.wait("welcome")

        def away(room_id):
            if room_id == lobby.id:
                raise OperationalError("the server closed the connection")
            return listening(room_id)

        with monkeypatch.context() as patch:
            patch.setattr(bot_status, "_listening", away)
            within(hub.bots._of_room.clear)
            assert [channel.room_id for channel in hub.room_channels] == [lobby.id, kitchen.id]
            within(presence_events.set_stale, hub, False)
            other.wait("online", stale=False)
        one.wait("online", stale=False)


def test_a_list_that_redis_was_too_slow_for_is_not_said_to_be_right(web, hub, within, alice, lobby, monkeypatch):
    monkeypatch.setattr("presence.shard.RECOVERY", 0.5)
    with web.open(alice, "lobby") as one:
        one.wait("welcome")
        with monkeypatch.context() as patch:
            patch.setattr("presence.tracker_queries.QUERY_TIMEOUT", 0.0)
            within(presence_events.set_stale, hub, False)
            assert one.wait("online") == {"type": "online", "stale": True}
        assert names(one.wait("online", stale=False)) == ["alice"]


async def test_each_change_says_how_many_are_there_after_it(monkeypatch):
    told = []

    async def people(who):
        return who

    monkeypatch.setattr(presence_events, "people", people)
    monkeypatch.setattr(presence_events.events, "presence", lambda *said: told.append(said))
    hub = SimpleNamespace(presence_lock=asyncio.Lock())
    await presence_events.publish_changes(hub, PresenceChange("lobby", joined=[1, 2], left=[3], online=5))
    assert told == [
        ("lobby", "joined", 1, 5, 5),
        ("lobby", "joined", 2, 5, 6),
        ("lobby", "left", 3, 5, 5),
    ]
