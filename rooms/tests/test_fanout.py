"""One event to many sockets: frames are shared, and whoever joins misses nothing and gets nothing twice."""

import asyncio
import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.realtime import fanout as module
from rooms.realtime.connection import Connection, QueuedEvent
from rooms.realtime.fanout import Fanout

from .outlets import Outlet, connection, joined, message, turn


@pytest.fixture
async def fanout():
    return Fanout("lobby")


async def test_a_burst_is_one_frame_and_everybody_gets_the_same(fanout):
    people = [joined(fanout) for _ in range(3)]
    for seq in (1, 2, 3):
        fanout.push(message(seq))
    await turn()
    assert [person.outbound.seqs for person in people] == [[1, 2, 3]] * 3
    assert len({person.outbound.frames[0] for person in people}) == 1
    assert len(people[0].outbound.frames) == 1


async def test_pages_share_a_frame_that_names_the_room_and_the_others_get_what_they_always_got(fanout):
    sockets, pages = [[joined(fanout, page=page) for _ in range(3)] for page in (False, True)]
    for seq in (1, 2):
        fanout.push(message(seq))
    await turn()
    fanout.push(message(3))
    await turn()
    assert [frame.text for frame in sockets[0].outbound.frames] == [
        '[{"type": "message", "seq": 1},{"type": "message", "seq": 2}]',
        '{"type": "message", "seq": 3}',
    ]
    assert [frame.text for frame in pages[0].outbound.frames] == [
        '{"room":"lobby","events":[{"type": "message", "seq": 1},{"type": "message", "seq": 2}]}',
        '{"room":"lobby","events":[{"type": "message", "seq": 3}]}',
    ]
    for alike in (sockets, pages):
        assert len({id(frame) for each in alike for frame in each.outbound.frames}) == 2


async def test_a_single_event_leaves_in_this_turn_of_the_loop_alone(fanout):
    person = joined(fanout)
    fanout.push(message(1))
    await turn()
    fanout.push(message(2))
    await turn()
    assert [json.loads(frame.text)["seq"] for frame in person.outbound.frames] == [1, 2]


async def test_who_is_slow_is_closed_and_the_others_go_on(fanout):
    slow, quick = joined(fanout), joined(fanout)
    slow.outbound.slow = True
    for seq in (1, 2):
        fanout.push(message(seq))
        await turn()
    assert slow.outbound.closed == 4008
    assert quick.outbound.seqs == [1, 2]


async def test_who_joins_is_told_what_came_meanwhile_after_what_it_was_told(fanout):
    fanout.push(message(1))
    one = connection()
    fanout.join(one)
    fanout.push(message(2))
    await turn()
    fanout.push(message(3))
    assert one.outbound.frames == []
    fanout.release(one, 2)  # it was told up to 2
    fanout.push(message(4))
    await turn()
    assert one.outbound.seqs == [3, 4]


async def test_who_was_told_more_than_has_arrived_gets_it_once(fanout):
    """The database was ahead of Redis."""
    one = joined(fanout, 3)
    for seq in (1, 2, 3, 4):
        fanout.push(message(seq))
        await turn()
    fanout.push(message(5))
    await turn()
    assert one.outbound.seqs == [4, 5]


async def test_deltas_before_the_texts_are_dropped_and_those_after_them_kept(fanout):
    one = connection()
    fanout.join(one)
    for at in (0, 1):
        fanout.push(QueuedEvent(json.dumps({"type": "delta", "at": at}), False, delta=True))
    fanout.forget_deltas(one)
    fanout.push(QueuedEvent(json.dumps({"type": "delta", "at": 2}), False, delta=True))
    fanout.release(one, 0)
    assert [event["at"] for event in one.outbound.events] == [2]


async def test_plain_mode_gets_one_event_a_frame_and_only_those_with_a_text(fanout):
    plain = joined(fanout, plain=True)
    fanout.push(message(1))
    fanout.push(QueuedEvent('{"type": "typing"}', False))
    fanout.push(message(2, plain=False))
    fanout.push(message(3))
    await turn()
    assert [json.loads(frame.text)["seq"] for frame in plain.outbound.frames] == [1, 3]


async def test_what_is_held_is_bounded(fanout, monkeypatch):
    monkeypatch.setattr(module, "MAX_HELD", 10)
    one = connection()
    fanout.join(one)
    for seq in range(1, 20):
        fanout.push(message(seq))
        await turn()
    assert one.outbound.closed == 4008
    assert len(one.held) <= 10


async def test_nothing_is_written_before_the_handshake_and_an_end_waits_for_it(fanout):
    one = Connection(None, None, Outlet(), id="1", plain=False, access=("session", "key"))
    one.send("system", message="too early")
    one.close("not_in_room")
    assert one.outbound.frames == [] and one.outbound.closed is None
    assert one.accept() is False
    assert one.outbound.closed == 4003


async def test_who_left_gets_nothing_and_is_not_kept(fanout):
    one, other = joined(fanout), connection()
    fanout.join(other)
    for each in (one, other):
        fanout.leave(each)
    fanout.push(message(1))
    await turn()
    assert one.outbound.frames == other.outbound.frames == []
    assert not fanout.connections


actions = st.lists(
    st.one_of(
        st.just("push"),
        st.just("turn"),
        st.tuples(st.sampled_from(["join", "release", "again", "leave"]), st.integers(0, 3), st.integers(0, 3)),
    ),
    max_size=60,
)


@given(actions)
def test_everybody_gets_every_change_once_and_in_order(steps):
    """Any mix of events, joining, resuming, leaving; what a connection is told on release may be ahead of the feed."""

    async def play():
        fanout, people, told, head = Fanout("lobby"), {}, {}, 0
        for step in steps:
            if step == "push":
                head += 1
                fanout.push(message(head))
            elif step == "turn":
                await turn()
            else:
                what, name, ahead = step
                if what == "join" and name not in people:
                    people[name], told[name] = connection(page=name % 2 == 1), None
                    fanout.join(people[name])
                elif what == "again" and name in people and people[name].held is None:  # a resume
                    fanout.join(people[name])
                    told[name] = None
                elif what == "release" and name in people and people[name].held is not None:
                    people[name].outbound.frames.clear()
                    told[name] = fanout.delivered + ahead
                    fanout.release(people[name], told[name])
                elif what == "leave" and name in people:
                    fanout.leave(people.pop(name))
        for _ in range(5):  # so that those who were told ahead are caught up with
            head += 1
            fanout.push(message(head))
        await turn()
        for name, person in people.items():
            if person.held is None:
                assert person.outbound.seqs == list(range(told[name] + 1, head + 1))

    asyncio.run(play())


async def test_a_room_is_empty_since_its_last_connection_left(monkeypatch):
    fanout, one, two = Fanout("lobby"), connection(), connection()
    before = fanout.empty_since
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: before + 10))
    for each in (one, two):
        fanout.join(each)
    fanout.leave(one)
    assert fanout.empty_since == before
    fanout.leave(two)
    assert fanout.empty_since == before + 10


async def test_what_is_held_back_but_deltas_is_kept_for_who_is_told_the_text_so_far():
    fanout, one = Fanout("lobby"), connection()
    fanout.join(one)
    one.held = [QueuedEvent("{}", True, 1), QueuedEvent("{}", True, None, delta=True)]
    fanout.forget_deltas(one)
    assert [event.seq for event in one.held] == [1]


def test_a_page_that_reads_too_slowly_in_one_room_is_closed():
    one = connection(page=True)
    one.close_slow()
    assert one.outbound.closed == 4008
