"""Bots stand in the list of who is here while a worker is alive for them."""

import pytest
from asgiref.sync import async_to_sync

from bot.models import Bot
from presence.bots import BotPresence
from rooms.models import Message
from rooms.services import bot_replies, direct_messages, membership, messages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bot(bot_user):
    Bot.objects.filter(user=bot_user).delete()
    return Bot.objects.create(user=bot_user)


@async_to_sync
async def announce(*ids):
    presence = BotPresence()
    await presence.announce(ids)
    await presence.close(ids)


def names(event) -> list[str]:
    return [person["name"] for person in event["online"]]


def test_a_bot_with_a_worker_is_listed_and_not_counted(web, alice, bot):
    membership.get_or_create_and_join(alice, "Lobby")
    announce(bot.user_id)
    with web.open(alice, "lobby") as socket:
        welcome = socket.wait("welcome")
    assert names(welcome) == ["alice", "bot"]
    assert welcome["count"] == 1


def test_a_bot_without_a_worker_is_not(web, alice, bot, client):
    membership.get_or_create_and_join(alice, "Lobby")
    client.force_login(alice)
    with web.open(alice, "lobby") as socket:
        assert names(socket.wait("welcome")) == ["alice"]
        assert names(client.get("/api/rooms/lobby/online").json()) == ["alice"]


def test_scripts_are_told_the_same(web, alice, bot, client):
    membership.get_or_create_and_join(alice, "Lobby")
    announce(bot.user_id)
    client.force_login(alice)
    with web.open(alice, "lobby") as socket:
        welcome = socket.wait("welcome")
        answer = client.get("/api/rooms/lobby/online").json()
    assert answer == {"online": welcome["online"], "count": 1, "stale": False}


def test_a_bot_kept_to_other_rooms_is_not_listed(web, alice, bot):
    membership.get_or_create_and_join(alice, "Lobby")
    bot.rooms.add(membership.get_or_create_and_join(alice, "Kitchen"))
    announce(bot.user_id)
    with web.open(alice, "lobby") as one, web.open(alice, "kitchen") as other:
        assert names(one.wait("welcome")) == ["alice"]
        assert names(other.wait("welcome")) == ["alice", "bot"]


def test_a_direct_message_lists_only_its_own_bot(web, alice, bob, bot):
    with_bob, with_bot = (
        direct_messages.get_or_create_direct_message(alice, "bob"),
        direct_messages.get_or_create_direct_message(alice, "bot"),
    )
    announce(bot.user_id)
    with web.open(alice, with_bob.name) as one, web.open(alice, with_bot.name) as other:
        assert names(one.wait("welcome")) == ["alice"]
        assert names(other.wait("welcome")) == ["alice", "bot"]


@pytest.fixture
def often(monkeypatch):
    """Before `web`: it looks for bots five times a second."""
    monkeypatch.setattr("rooms.realtime.periodic_tasks.BOTS_INTERVAL", 0.2)


def test_a_worker_that_starts_is_told(often, web, alice, bot):
    membership.get_or_create_and_join(alice, "Lobby")
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        announce(bot.user_id)
        assert names(socket.wait("online")) == ["alice", "bot"]


def test_who_comes_in_is_told_who_is_next(web, alice, bob, bot):
    membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join(bob, "lobby")
    asked = [messages.post(user, "lobby", "@bot hi").message_id for user in (alice, bob)]
    waiting = list(Message.objects.filter(reply_to__in=asked).order_by("id").values_list("id", flat=True))
    with web.open(alice, "lobby") as socket:
        found = [socket.wait("queue") for _ in waiting]
        assert [(event["id"], event["position"]) for event in found] == [(waiting[0], 1), (waiting[1], 2)]
        bot_replies.stop(alice, "lobby", waiting[0])
        while socket.wait("message")["state"] != "stopped":
            pass
    with web.open(bob, "lobby") as socket:  # the only one left begins at once, as soon as there is a worker
        socket.send("read", seq=1)
        socket.wait("ack")
        assert "queue" not in [event["type"] for event in socket.seen]


def test_a_bot_stays_listed_when_redis_is_slow_to_answer(web, hub, within, alice, bot, monkeypatch):
    membership.get_or_create_and_join(alice, "Lobby")
    announce(bot.user_id)
    with web.open(alice, "lobby") as socket:
        assert names(socket.wait("welcome")) == ["alice", "bot"]
        with monkeypatch.context() as patch:
            patch.setattr("presence.tracker_queries.QUERY_TIMEOUT", 0.0)
            assert within(hub.bots.look) is False
        assert within(hub.bots.look) is False
