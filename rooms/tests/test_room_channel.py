"""One room in one process: whatever Redis loses, repeats or mixes up, its sockets see every change once, in order."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError

from mysite.tests.waiting import until
from rooms.models import Message
from rooms.queries import history
from rooms.realtime import room_channel as module
from rooms.realtime.room_channel import RoomChannel
from rooms.services import messages

from .outlets import joined, texts, types

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def say(alice, lobby, payloads):
    """say(text) → the payload of its publication."""

    async def say(text: str) -> dict:
        await sync_to_async(messages.post)(alice, "lobby", text)
        return payloads[-1]

    return say


@pytest.fixture
async def gate(channel, monkeypatch):
    """Holds back what the database has answered until it is set."""
    missing, gate, loop = module._read_missing, asyncio.Event(), asyncio.get_running_loop()
    gate.reached = False

    def slow(room_id, seq):
        found = missing(room_id, seq)
        gate.reached = True
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(10)
        return found

    monkeypatch.setattr(module, "_read_missing", slow)
    return gate


async def a_moment():
    """Longer than anything in a channel waits for."""
    await asyncio.sleep(module.REORDER_WAIT * 4)


class TestNumbers:
    async def test_what_comes_in_order_goes_on_at_once(self, channel, say, reads):
        person = joined(channel)
        for text in "abc":
            channel.receive(await say(text))
        channel.flush()
        assert texts(person) == ["a", "b", "c"]
        await a_moment()
        assert reads == []

    async def test_what_comes_early_waits_a_moment_for_the_one_before(self, channel, say, reads):
        person = joined(channel)
        first, second = await say("a"), await say("b")
        channel.receive(second)
        channel.flush()
        assert texts(person) == []
        channel.receive(first)
        channel.flush()
        assert texts(person) == ["a", "b"]
        await a_moment()
        assert reads == []

    async def test_what_was_lost_before_another_is_read(self, channel, say, reads):
        person = joined(channel)
        await say("lost")
        channel.receive(await say("came"))
        await until(lambda: texts(person))
        assert texts(person) == ["lost", "came"]
        assert person.outbound.seqs == [1, 2]
        assert reads == [0]

    async def test_a_lost_last_one_is_read_when_the_head_is_known(self, channel, say, reads):
        person = joined(channel)
        await say("lost")
        channel.expect(1)
        await until(lambda: texts(person))
        assert texts(person) == ["lost"]
        channel.expect(1)
        await a_moment()
        assert reads == [0]

    async def test_a_head_that_is_ahead_of_its_event_by_a_moment_costs_no_reading(self, channel, say, reads):
        payload = await say("on its way")
        channel.expect(1)
        channel.receive(payload)
        await a_moment()
        assert reads == []

    async def test_the_publisher_of_another_process_names_what_it_lost(self, channel, say):
        person = joined(channel)
        await say("lost there")
        channel.receive({"type": "room.head", "seq": 1})
        await until(lambda: texts(person))
        assert texts(person) == ["lost there"]

    async def test_what_is_repeated_is_told_once(self, channel, say):
        person = joined(channel)
        first, second = await say("a"), await say("b")
        for payload in (first, first, second, first, second):
            channel.receive(payload)
        await a_moment()
        assert texts(person) == ["a", "b"]

    async def test_states_that_a_later_one_replaced_are_left_out_and_resumed_says_how_far(self, channel, say, alice):
        person = joined(channel)
        await say("draft")
        message_id = (await sync_to_async(Message.objects.get)()).id
        for text in ("better", "best"):
            await sync_to_async(messages.edit)(alice, "lobby", message_id, text)
        channel.expect(3)
        await until(lambda: "resumed" in types(person))
        assert [(event["type"], event["seq"]) for event in person.outbound.events] == [("message", 3), ("resumed", 3)]
        assert texts(person) == ["best"]
        channel.receive(await say("next"))
        channel.flush()
        assert person.outbound.seqs == [3, 4]

    async def test_too_much_is_a_reset(self, channel, say, monkeypatch):
        person = joined(channel)
        await say("one")
        monkeypatch.setattr(history, "changed_since", lambda *_: None)
        channel.expect(1)
        await until(lambda: "reset" in types(person))
        assert person.outbound.events == [{"type": "reset", "seq": 1}]
        channel.receive(await say("two"))
        channel.flush()
        assert texts(person) == ["two"]

    async def test_a_database_that_is_away_is_asked_again(self, channel, say, monkeypatch):
        monkeypatch.setattr(module, "RETRY_WAIT", 0.05)
        person, missing, tries = joined(channel), module._read_missing, []

        def away(room_id, seq):
            tries.append(seq)
            if len(tries) < 3:
                raise OperationalError("gone")
            return missing(room_id, seq)

        monkeypatch.setattr(module, "_read_missing", away)
        await say("lost")
        channel.receive(await say("came"))
        await until(lambda: texts(person))
        assert texts(person) == ["lost", "came"]
        assert len(tries) == 3

    async def test_a_number_that_nobody_wrote_is_forgotten(self, channel, say, reads):
        person = joined(channel)
        payload = await say("real")
        channel.receive({**payload, "seq": 1_000_000})
        channel.receive({"type": "room.head", "seq": 2_000_000})
        await until(lambda: texts(person))
        await a_moment()
        assert reads == [0]
        channel.receive(await say("next"))
        await a_moment()
        assert texts(person) == ["real", "next"]
        assert reads == [0]

    async def test_what_comes_while_the_database_is_read_finds_its_place(self, channel, say, gate):
        person = joined(channel)
        await say("lost")
        channel.receive(await say("came"))
        await until(lambda: channel._repairing)
        later = await say("later")
        channel.receive(later)
        gate.set()
        await until(lambda: len(texts(person)) == 3)
        assert texts(person) == ["lost", "came", "later"]

    async def test_what_comes_by_itself_while_it_is_read_is_told_once(self, channel, say, gate):
        person = joined(channel)
        late = await say("late")
        channel.receive(await say("came"))
        await until(lambda: channel._repairing)
        channel.receive(late)
        gate.set()
        await until(channel._repairing.done)
        channel.flush()
        assert texts(person) == ["late", "came"]
        assert types(person) == ["message", "message"]

    async def test_a_head_that_is_named_while_it_is_read_is_read_after(self, channel, say, gate):
        person = joined(channel)
        await say("lost")
        channel.expect(1)
        await until(lambda: gate.reached)
        await say("lost as well")
        channel.expect(2)
        gate.set()
        await until(lambda: len(texts(person)) == 2)
        assert texts(person) == ["lost", "lost as well"]

    async def test_what_comes_before_the_start_is_told_once(self, lobby, say, payloads):
        channel = RoomChannel(lobby)
        early = await say("before")
        channel.receive(early)
        await channel.start()
        assert channel.delivered == 1
        person = joined(channel, channel.delivered)
        channel.receive(early)
        channel.receive(await say("after"))
        channel.flush()
        assert texts(person) == ["after"]

    async def test_plain_mode_sees_what_was_lost_once_and_no_edits(self, channel, say, alice):
        person = joined(channel, plain=True)
        await say("lost")
        channel.expect(1)
        await until(lambda: texts(person))
        message_id = (await sync_to_async(Message.objects.get)()).id
        await sync_to_async(messages.edit)(alice, "lobby", message_id, "edited")
        channel.expect(2)
        await until(lambda: channel.delivered == 2)
        await a_moment()
        assert texts(person) == ["lost"]
        assert types(person) == ["message"]

    async def test_plain_mode_sees_nothing_of_what_was_said_and_deleted_in_a_gap(self, channel, say, alice):
        person = joined(channel, plain=True)
        await say("gone")
        message_id = (await sync_to_async(Message.objects.get)()).id
        await sync_to_async(messages.delete)(alice, "lobby", message_id)
        await say("lost")
        channel.expect(3)
        await until(lambda: texts(person))
        assert texts(person) == ["lost"]

    async def test_after_the_end_nothing_goes_on(self, channel, say, reads):
        await say("lost")
        channel.receive(await say("came"))
        channel.stop()
        await a_moment()
        assert reads == []
