"""One room in one process: whatever Redis loses, repeats or mixes up, its sockets see every change once, in order."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, transaction

from mysite.tests.waiting import until
from rooms.models import Message, MessageState, Room
from rooms.publishing import events
from rooms.queries import history
from rooms.realtime import handshake
from rooms.realtime import room_channel as module
from rooms.realtime.handshake import InitialState
from rooms.realtime.room_channel import RoomChannel
from rooms.services import bot_replies, messages

from .test_fanout import joined

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def published(monkeypatch):
    """What was handed to the publisher, for the test to deliver, lose or repeat."""
    payloads = []

    def submit(group, payload):
        if group == "chat_lobby":
            payloads.append(payload)

    monkeypatch.setattr(events.publisher, "submit", submit)
    return payloads


@pytest.fixture
def say(alice, lobby, published):
    """say(text) → the payload of its publication."""

    async def say(text: str) -> dict:
        await sync_to_async(messages.post)(alice, "lobby", text)
        return published[-1]

    return say


@pytest.fixture
def reads(monkeypatch):
    """The numbers after which the database was asked what is missing."""
    asked, missing = [], module._read_missing

    def remember(room_id, seq):
        asked.append(seq)
        return missing(room_id, seq)

    monkeypatch.setattr(module, "_read_missing", remember)
    return asked


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


@pytest.fixture
async def channel(lobby, published, reads):
    made = RoomChannel(lobby)
    await made.start()
    yield made
    made.stop()


def texts(connection) -> list[str]:
    return [event["message"] for event in connection.outbound.events if event["type"] == "message"]


def types(connection) -> list[str]:
    return [event["type"] for event in connection.outbound.events]


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

    async def test_what_comes_before_the_start_is_told_once(self, lobby, say, published):
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


class TestFromOutside:
    """Any program may publish to a room's group."""

    async def test_a_wire_event_as_a_dict(self, channel):
        person = joined(channel)
        channel.receive({"type": "room.event", "event": {"type": "broadcast", "level": "info", "message": "Lunch!"}})
        channel.flush()
        assert person.outbound.events == [{"type": "broadcast", "level": "info", "message": "Lunch!"}]

    async def test_the_words_of_the_channels_tutorial(self, channel):
        person = joined(channel)
        channel.receive({"type": "chat.message", "message": "hello"})
        channel.flush()
        assert person.outbound.events == [{"type": "broadcast", "level": "info", "message": "hello"}]

    async def test_an_unknown_type_is_logged(self, channel, caplog):
        channel.receive({"type": "chat.dance"})
        assert "unknown type 'chat.dance'" in caplog.text


@transaction.atomic
def place(bot_user) -> int:
    room = Room.objects.select_for_update().get(name="lobby")
    reply = bot_replies.create_placeholder(room, bot_user, None)
    bot_replies.save_room_heads([room])
    return reply.id


class TestReplies:
    @pytest.fixture
    async def reply(self, channel, bot_user, published):
        """The id of a reply that is being written, of which the channel knows."""
        id = await sync_to_async(place)(bot_user)
        await sync_to_async(bot_replies.update)(id, state=MessageState.STREAMING)
        self.deliver(channel, published)
        return id

    @pytest.fixture
    def delta(self, channel, published):
        """delta(id, at, text): a piece arrives."""

        def arrive(id, at, text):
            events.delta("lobby", id, at, text)
            channel.receive(published[-1])

        return arrive

    @staticmethod
    def deliver(channel, published):
        for payload in published:
            channel.receive(payload)
        channel.flush()
        published.clear()

    @staticmethod
    def pieces(person) -> list[tuple[int, str]]:
        return [(event["at"], event["text"]) for event in person.outbound.events if event["type"] == "delta"]

    async def test_pieces_are_told_in_order_and_kept(self, channel, reply, delta):
        person = joined(channel, channel.delivered)
        for at, text in ((0, "Hello"), (5, " you"), (5, " you"), (9, "!")):
            delta(reply, at, text)
        channel.flush()
        assert self.pieces(person) == [(0, "Hello"), (5, " you"), (9, "!")]
        assert channel.streaming_ids == [reply]
        assert told(channel) == {reply: "Hello you!"}

    async def test_a_lost_piece_is_closed_from_what_was_saved(self, channel, reply, delta, monkeypatch):
        monkeypatch.setattr(module, "SAVED_TEXT_INTERVAL", 0.02)
        person, asked, text_of = joined(channel, channel.delivered), [], history.text_of
        monkeypatch.setattr(history, "text_of", lambda id: asked.append(id) or text_of(id))
        delta(reply, 0, "Hello")
        for at in range(9, 30):
            delta(reply, at, "!")
        assert channel._completing.keys() == {reply}  # one look at a time, however many pieces wait
        await until(lambda: len(asked) > 1)  # nothing was saved yet
        await sync_to_async(bot_replies.checkpoint)({reply: "Hello you"})
        await until(lambda: len(self.pieces(person)) > 1)
        assert self.pieces(person) == [(0, "Hello"), (5, " you" + "!" * 21)]
        assert not channel._completing

    async def test_a_database_that_is_away_leaves_the_hole_for_later(self, channel, reply, delta, monkeypatch):
        monkeypatch.setattr(module, "SAVED_TEXT_INTERVAL", 0.02)
        person, tries = joined(channel, channel.delivered), []

        def away(id):
            tries.append(id)
            if len(tries) < 3:
                raise OperationalError("gone")
            return "Hello you"

        monkeypatch.setattr(history, "text_of", away)
        delta(reply, 9, "!")
        await until(lambda: self.pieces(person))
        assert self.pieces(person) == [(0, "Hello you!")]

    async def test_a_piece_after_the_end_makes_no_reply_that_never_ends(self, channel, reply, delta, published):
        person = joined(channel, channel.delivered)
        delta(reply, 0, "Hello")
        published.clear()
        await sync_to_async(bot_replies.update)(reply, text="Hello", state=MessageState.STOPPED)
        self.deliver(channel, published)
        delta(reply, 5, " you")
        delta(reply, 9, "!")
        channel.flush()
        assert self.pieces(person) == [(0, "Hello")]
        assert channel.streaming_ids == []
        assert not channel._completing

    async def test_who_comes_in_the_middle_is_told_the_text_and_then_what_fits(self, channel, reply, delta):
        delta(reply, 0, "Hello")
        channel.flush()
        one = joined(channel, channel.delivered)
        channel.join(one)
        delta(reply, 5, " you")
        told = channel.streaming_replies_for(one)[reply].text
        delta(reply, 9, "!")
        channel.release(one, channel.delivered)
        assert told == "Hello you"
        assert self.pieces(one) == [(9, "!")]

    async def test_a_reply_that_ended_in_a_gap_is_not_shown_as_being_written(
        self, channel, reply, published, monkeypatch
    ):
        await sync_to_async(bot_replies.update)(reply, text="done", state=MessageState.COMPLETE)
        monkeypatch.setattr(history, "changed_since", lambda *_: None)
        channel.expect(channel.delivered + 1)
        await until(lambda: channel.streaming_ids == [])

    async def test_plain_mode_sees_a_reply_that_was_finished_in_a_gap(self, channel, reply):
        person = joined(channel, plain=True)
        await sync_to_async(bot_replies.update)(reply, text="done", state=MessageState.COMPLETE)
        channel.expect(channel.delivered + 1)
        await until(lambda: texts(person))
        assert texts(person) == ["done"]

    async def test_a_feed_that_starts_in_the_middle_knows_the_text_so_far(self, lobby, reply, published):
        await sync_to_async(bot_replies.checkpoint)({reply: "so far"})
        later = RoomChannel(lobby)
        await later.start()
        assert told(later) == {reply: "so far"}
        later.receive(_delta(reply, 6, "!"))
        assert told(later) == {reply: "so far!"}

    async def test_who_comes_in_the_middle_is_told_what_is_rendered(self, channel, reply, delta):
        delta(reply, 0, "one\n\ntwo\n\n")
        channel.receive(_rendered(reply, 0, 5, "<p>one</p>"))
        channel.flush()
        late, plain = joined(channel, channel.delivered), joined(channel, channel.delivered, plain=True)
        for person in (late, plain):
            replies = channel.streaming_replies_for(person)
            await handshake.send_catch_up(person, channel, InitialState(channel.delivered), replies)
        channel.receive(_rendered(reply, 5, 10, "<p>two</p>"))
        channel.flush()
        told = [(event["start"], event["html"]) for event in late.outbound.events if event["type"] == "rendered"]
        assert told == [(0, "<p>one</p>"), (5, "<p>two</p>")]
        assert not plain.outbound.events


def told(channel: RoomChannel) -> dict[int, str]:
    """The texts so far, as somebody who comes now is told them."""
    return {id: reply.text for id, reply in channel.streaming_replies_for(joined(channel)).items()}


def _rendered(id: int, start: int, end: int, html: str) -> dict:
    event = json.dumps({"type": "rendered", "id": id, "start": start, "end": end, "html": html})
    return {"type": "room.event", "text": event, "seq": None, "plain": False, "rendered": [id, start, end]}


def _delta(id: int, at: int, text: str) -> dict:
    event = json.dumps({"type": "delta", "id": id, "at": at, "text": text})
    return {"type": "room.event", "text": event, "seq": None, "plain": False, "delta": [id, at, text]}


async def test_the_coming_and_going_of_people_is_counted(channel, published, alice, monkeypatch):
    person = {"id": alice.id, "name": "alice", "bot": False}
    events.presence("lobby", "joined", person, 2, 1)
    events.presence("lobby", "joined", person, 2, 2)
    events.presence("lobby", "left", person, 1, 1)
    for payload in published:
        channel.receive(payload)
    monkeypatch.setattr("rooms.realtime.presence_drift.QUIET", -1.0)
    assert not channel.presence_drift.is_suspect(1)
    assert channel.presence_drift.is_suspect(2)
    channel.receive(published[1])  # something between was lost
    assert not channel.presence_drift.is_suspect(2)
    channel.receive(published[1])
    assert channel.presence_drift.is_suspect(2)
