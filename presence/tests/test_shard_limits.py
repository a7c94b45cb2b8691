"""How much of what one process holds goes into one script call, and how much it keeps for a Redis that is away."""

import pytest

from presence import shard as shard_module
from presence.store import RECOVERY


@pytest.fixture
def shard(world):
    [found] = world.process()._shards
    return found


@pytest.fixture
def beats(shard, monkeypatch):
    """beats(rooms): how many connections each call renews, of these rooms: name → number of connections."""

    def count(rooms: dict[str, int]) -> list[int]:
        sizes = []

        def call(script, *args, **_options):
            sizes.append(sum(len(names.split()) for names in args[1::2]))

        monkeypatch.setattr(shard, "call", call)
        shard.rooms = {room: {f"{user}:a": True for user in range(people)} for room, people in rooms.items()}
        shard._beat()
        return sizes

    return count


def test_a_beat_of_many_connections_is_several_calls(beats, monkeypatch):
    monkeypatch.setattr(shard_module, "CHUNK_SIZE", 3)
    assert beats({"lobby": 8}) == [3, 3, 2]
    assert beats({f"room-{number}": 1 for number in range(5)}) == [3, 2]  # small rooms share a call
    assert beats({"lobby": 3}) == [3]
    assert beats({}) == []


def test_a_connection_that_redis_has_not_confirmed_is_not_renewed(shard, beats, monkeypatch):
    beats({})
    called = []
    monkeypatch.setattr(shard, "call", lambda *args, **_options: called.append(args))
    shard.rooms = {"lobby": {"1:a": False, "2:b": True}}
    shard._beat()
    assert called == [("beat", "lobby", "2:b")]


@pytest.mark.parametrize(("reply", "kept"), [(None, "_pending_departures"), ([], "_grace_ends")])
def test_departures_are_kept_up_to_a_limit(shard, monkeypatch, reply, kept):
    """Without a reply, until Redis is back; with one, until their grace ends."""
    monkeypatch.setattr(shard_module, "MAX_PENDING_DEPARTURES", 2)
    monkeypatch.setattr(shard, "call", lambda *_args, done, **_options: done(reply))
    shard.rooms = {"lobby": {f"{user}:a": True for user in range(4)}}
    assert [shard.depart("lobby", f"{user}:a", 3.0) for user in range(4)] == [True] * 4
    found = {name: len(getattr(shard, name)) for name in ("_pending_departures", "_grace_ends")}
    assert found == {"_pending_departures": 0, "_grace_ends": 0} | {kept: 2}
    assert shard.rooms == {} and not shard.depart("lobby", "0:a", 3.0)


def test_who_leaves_before_redis_is_back_is_not_brought_to_it(shard, monkeypatch):
    monkeypatch.setattr(shard, "call", lambda *_args, done, **_options: done(None))
    for user in range(3):
        shard.arrive("lobby", f"{user}:a", 20, done=lambda _reply: None)
    shard.depart("lobby", "1:a", 3.0)
    assert shard._unconfirmed == {("lobby", "0:a"), ("lobby", "2:a")}


def test_lists_are_stale_until_every_process_has_beaten_again_and_a_second_more(shard, world):
    assert not shard.stale
    shard.mark_stale()
    world.now += RECOVERY + 0.5
    assert shard.stale
    world.now += 0.5
    assert not shard.stale
