"""One room in one process: whatever Redis loses, repeats or mixes up, its sockets see every change once, in order."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, transaction

from mysite.tests.waiting import until
from rooms.models import Message, Room, State
from rooms.publishing import events
from rooms.queries import history
from rooms.realtime import room_channel as module
from rooms.realtime.room_channel import RoomFeed
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
    asked, missing = [], module._missing

    def remember(room_id, seq):
        asked.append(seq)
        return missing(room_id, seq)

    monkeypatch.setattr(module, "_missing", remember)
    return asked


@pytest.fixture
async def gate(feed, monkeypatch):
    """Holds back what the database has answered until it is set."""
    missing, gate, loop = module._missing, asyncio.Event(), asyncio.get_running_loop()
    gate.reached = False

    def slow(room_id, seq):
        found = missing(room_id, seq)
        gate.reached = True
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(10)
        return found

    monkeypatch.setattr(module, "_missing", slow)
    return gate


@pytest.fixture
async def feed(lobby, published, reads):
    made = RoomFeed(lobby)
    await made.start()
    yield made
    made.stop()


def texts(connection) -> list[str]:
    return [event["message"] for event in connection.outlet.events if event["type"] == "message"]


def types(connection) -> list[str]:
    return [event["type"] for event in connection.outlet.events]


async def a_moment():
    """Longer than anything in a feed waits for."""
    await asyncio.sleep(module.EARLY_WAIT * 4)


class TestNumbers:
    async def test_what_comes_in_order_goes_on_at_once(self, feed, say, reads):
        person = joined(feed)
        for text in "abc":
            feed.receive(await say(text))
        feed.flush()
        assert texts(person) == ["a", "b", "c"]
        await a_moment()
        assert reads == []

    async def test_what_comes_early_waits_a_moment_for_the_one_before(self, feed, say, reads):
        person = joined(feed)
        first, second = await say("a"), await say("b")
        feed.receive(second)
        feed.flush()
        assert texts(person) == []
        feed.receive(first)
        feed.flush()
        assert texts(person) == ["a", "b"]
        await a_moment()
        assert reads == []

    async def test_what_was_lost_before_another_is_read(self, feed, say, reads):
        person = joined(feed)
        await say("lost")
        feed.receive(await say("came"))
        await until(lambda: texts(person))
        assert texts(person) == ["lost", "came"]
        assert person.outlet.seqs == [1, 2]
        assert reads == [0]

    async def test_a_lost_last_one_is_read_when_the_head_is_known(self, feed, say, reads):
        person = joined(feed)
        await say("lost")
        feed.expect(1)
        await until(lambda: texts(person))
        assert texts(person) == ["lost"]
        feed.expect(1)
        await a_moment()
        assert reads == [0]

    async def test_a_head_that_is_ahead_of_its_event_by_a_moment_costs_no_reading(self, feed, say, reads):
        payload = await say("on its way")
        feed.expect(1)
        feed.receive(payload)
        await a_moment()
        assert reads == []

    async def test_the_publisher_of_another_process_names_what_it_lost(self, feed, say):
        person = joined(feed)
        await say("lost there")
        feed.receive({"type": "room.head", "seq": 1})
        await until(lambda: texts(person))
        assert texts(person) == ["lost there"]

    async def test_what_is_repeated_is_told_once(self, feed, say):
        person = joined(feed)
        first, second = await say("a"), await say("b")
        for payload in (first, first, second, first, second):
            feed.receive(payload)
        await a_moment()
        assert texts(person) == ["a", "b"]

    async def test_states_that_a_later_one_replaced_are_left_out_and_resumed_says_how_far(self, feed, say, alice):
        person = joined(feed)
        await say("draft")
        message_id = (await sync_to_async(Message.objects.get)()).id
        for text in ("better", "best"):
            await sync_to_async(messages.edit)(alice, "lobby", message_id, text)
        feed.expect(3)
        await until(lambda: "resumed" in types(person))
        assert [(event["type"], event["seq"]) for event in person.outlet.events] == [("message", 3), ("resumed", 3)]
        assert texts(person) == ["best"]
        feed.receive(await say("next"))
        feed.flush()
        assert person.outlet.seqs == [3, 4]

    async def test_too_much_is_a_reset(self, feed, say, monkeypatch):
        person = joined(feed)
        await say("one")
        monkeypatch.setattr(history, "changed_since", lambda *_: None)
        feed.expect(1)
        await until(lambda: "reset" in types(person))
        assert person.outlet.events == [{"type": "reset", "seq": 1}]
        feed.receive(await say("two"))
        feed.flush()
        assert texts(person) == ["two"]

    async def test_a_database_that_is_away_is_asked_again(self, feed, say, monkeypatch):
        monkeypatch.setattr(module, "RETRY_WAIT", 0.05)
        person, missing, tries = joined(feed), module._missing, []

        def away(room_id, seq):
            tries.append(seq)
            if len(tries) < 3:
                raise OperationalError("gone")
            return missing(room_id, seq)

        monkeypatch.setattr(module, "_missing", away)
        await say("lost")
        feed.receive(await say("came"))
        await until(lambda: texts(person))
        assert texts(person) == ["lost", "came"]
        assert len(tries) == 3

    async def test_a_number_that_nobody_wrote_is_forgotten(self, feed, say, reads):
        person = joined(feed)
        payload = await say("real")
        feed.receive({**payload, "seq": 1_000_000})
        feed.receive({"type": "room.head", "seq": 2_000_000})
        await until(lambda: texts(person))
        await a_moment()
        assert reads == [0]
        feed.receive(await say("next"))
        await a_moment()
        assert texts(person) == ["real", "next"]
        assert reads == [0]

    async def test_what_comes_while_the_database_is_read_finds_its_place(self, feed, say, gate):
        person = joined(feed)
        await say("lost")
        feed.receive(await say("came"))
        await until(lambda: feed._repairing)
        later = await say("later")
        feed.receive(later)
        gate.set()
        await until(lambda: len(texts(person)) == 3)
        assert texts(person) == ["lost", "came", "later"]

    async def test_what_comes_by_itself_while_it_is_read_is_told_once(self, feed, say, gate):
        person = joined(feed)
        late = await say("late")
        feed.receive(await say("came"))
        await until(lambda: feed._repairing)
        feed.receive(late)
        gate.set()
        await until(feed._repairing.done)
        feed.flush()
        assert texts(person) == ["late", "came"]
        assert types(person) == ["message", "message"]

    async def test_a_head_that_is_named_while_it_is_read_is_read_after(self, feed, say, gate):
        person = joined(feed)
        await say("lost")
        feed.expect(1)
        await until(lambda: gate.reached)
        await say("lost as well")
        feed.expect(2)
        gate.set()
        await until(lambda: len(texts(person)) == 2)
        assert texts(person) == ["lost", "lost as well"]

    async def test_what_comes_before_the_start_is_told_once(self, lobby, say, published):
        feed = RoomFeed(lobby)
        early = await say("before")
        feed.receive(early)
        await feed.start()
        assert feed.delivered == 1
        person = joined(feed, feed.delivered)
        feed.receive(early)
        feed.receive(await say("after"))
        feed.flush()
        assert texts(person) == ["after"]

    async def test_plain_mode_sees_what_was_lost_once_and_no_edits(self, feed, say, alice):
        person = joined(feed, plain=True)
        await say("lost")
        feed.expect(1)
        await until(lambda: texts(person))
        message_id = (await sync_to_async(Message.objects.get)()).id
        await sync_to_async(messages.edit)(alice, "lobby", message_id, "edited")
        feed.expect(2)
        await until(lambda: feed.delivered == 2)
        await a_moment()
        assert texts(person) == ["lost"]
        assert types(person) == ["message"]

    async def test_plain_mode_sees_nothing_of_what_was_said_and_deleted_in_a_gap(self, feed, say, alice):
        person = joined(feed, plain=True)
        await say("gone")
        message_id = (await sync_to_async(Message.objects.get)()).id
        await sync_to_async(messages.delete)(alice, "lobby", message_id)
        await say("lost")
        feed.expect(3)
        await until(lambda: texts(person))
        assert texts(person) == ["lost"]

    async def test_after_the_end_nothing_goes_on(self, feed, say, reads):
        await say("lost")
        feed.receive(await say("came"))
        feed.stop()
        await a_moment()
        assert reads == []


class TestFromOutside:
    """Any program may publish to a room's group."""

    async def test_a_wire_event_as_a_dict(self, feed):
        person = joined(feed)
        feed.receive({"type": "room.event", "event": {"type": "broadcast", "level": "info", "message": "Lunch!"}})
        feed.flush()
        assert person.outlet.events == [{"type": "broadcast", "level": "info", "message": "Lunch!"}]

    async def test_the_words_of_the_channels_tutorial(self, feed):
        person = joined(feed)
        feed.receive({"type": "chat.message", "message": "hello"})
        feed.flush()
        assert person.outlet.events == [{"type": "broadcast", "level": "info", "message": "hello"}]

    async def test_an_unknown_type_is_logged(self, feed, caplog):
        feed.receive({"type": "chat.dance"})
        assert "unknown type 'chat.dance'" in caplog.text


@transaction.atomic
def place(bot_user) -> int:
    room = Room.objects.select_for_update().get(name="lobby")
    reply = bot_replies.place(room, bot_user, None)
    bot_replies.save_heads([room])
    return reply.id


class TestReplies:
    @pytest.fixture
    async def reply(self, feed, bot_user, published):
        """The id of a reply that is being written, of which the feed knows."""
        id = await sync_to_async(place)(bot_user)
        await sync_to_async(bot_replies.update)(id, state=State.STREAMING)
        self.deliver(feed, published)
        return id

    @pytest.fixture
    def delta(self, feed, published):
        """delta(id, at, text): a piece arrives."""

        def arrive(id, at, text):
            events.delta("lobby", id, at, text)
            feed.receive(published[-1])

        return arrive

    @staticmethod
    def deliver(feed, published):
        for payload in published:
            feed.receive(payload)
        feed.flush()
        published.clear()

    @staticmethod
    def pieces(person) -> list[tuple[int, str]]:
        return [(event["at"], event["text"]) for event in person.outlet.events if event["type"] == "delta"]

    async def test_pieces_are_told_in_order_and_kept(self, feed, reply, delta):
        person = joined(feed, feed.delivered)
        for at, text in ((0, "Hello"), (5, " you"), (5, " you"), (9, "!")):
            delta(reply, at, text)
        feed.flush()
        assert self.pieces(person) == [(0, "Hello"), (5, " you"), (9, "!")]
        assert feed.replies == [reply]
        assert feed.texts_for(joined(feed)) == {reply: "Hello you!"}

    async def test_a_lost_piece_is_closed_from_what_was_saved(self, feed, reply, delta, monkeypatch):
        monkeypatch.setattr(module, "SAVED_EVERY", 0.02)
        person, asked, text_of = joined(feed, feed.delivered), [], history.text_of
        monkeypatch.setattr(history, "text_of", lambda id: asked.append(id) or text_of(id))
        delta(reply, 0, "Hello")
        for at in range(9, 30):
            delta(reply, at, "!")
        assert feed._completing.keys() == {reply}  # one look at a time, however many pieces wait
        await until(lambda: len(asked) > 1)  # nothing was saved yet
        await sync_to_async(bot_replies.checkpoint)({reply: "Hello you"})
        await until(lambda: len(self.pieces(person)) > 1)
        assert self.pieces(person) == [(0, "Hello"), (5, " you" + "!" * 21)]
        assert not feed._completing

    async def test_a_database_that_is_away_leaves_the_hole_for_later(self, feed, reply, delta, monkeypatch):
        monkeypatch.setattr(module, "SAVED_EVERY", 0.02)
        person, tries = joined(feed, feed.delivered), []

        def away(id):
            tries.append(id)
            if len(tries) < 3:
                raise OperationalError("gone")
            return "Hello you"

        monkeypatch.setattr(history, "text_of", away)
        delta(reply, 9, "!")
        await until(lambda: self.pieces(person))
        assert self.pieces(person) == [(0, "Hello you!")]

    async def test_a_piece_after_the_end_makes_no_reply_that_never_ends(self, feed, reply, delta, published):
        person = joined(feed, feed.delivered)
        delta(reply, 0, "Hello")
        published.clear()
        await sync_to_async(bot_replies.update)(reply, text="Hello", state=State.STOPPED)
        self.deliver(feed, published)
        delta(reply, 5, " you")
        delta(reply, 9, "!")
        feed.flush()
        assert self.pieces(person) == [(0, "Hello")]
        assert feed.replies == []
        assert not feed._completing

    async def test_who_comes_in_the_middle_is_told_the_text_and_then_what_fits(self, feed, reply, delta):
        delta(reply, 0, "Hello")
        feed.flush()
        one = joined(feed, feed.delivered)
        feed.join(one)
        delta(reply, 5, " you")
        told = feed.texts_for(one)[reply]
        delta(reply, 9, "!")
        feed.release(one, feed.delivered)
        assert told == "Hello you"
        assert self.pieces(one) == [(9, "!")]

    async def test_a_reply_that_ended_in_a_gap_is_not_shown_as_being_written(self, feed, reply, published, monkeypatch):
        await sync_to_async(bot_replies.update)(reply, text="done", state=State.COMPLETE)
        monkeypatch.setattr(history, "changed_since", lambda *_: None)
        feed.expect(feed.delivered + 1)
        await until(lambda: feed.replies == [])

    async def test_plain_mode_sees_a_reply_that_was_finished_in_a_gap(self, feed, reply):
        person = joined(feed, plain=True)
        await sync_to_async(bot_replies.update)(reply, text="done", state=State.COMPLETE)
        feed.expect(feed.delivered + 1)
        await until(lambda: texts(person))
        assert texts(person) == ["done"]

    async def test_a_feed_that_starts_in_the_middle_knows_the_text_so_far(self, lobby, reply, published):
        await sync_to_async(bot_replies.checkpoint)({reply: "so far"})
        later = RoomFeed(lobby)
        await later.start()
        assert later.texts_for(joined(later)) == {reply: "so far"}
        later.receive(_delta(reply, 6, "!"))
        assert later.texts_for(joined(later)) == {reply: "so far!"}


def _delta(id: int, at: int, text: str) -> dict:
    event = json.dumps({"type": "delta", "id": id, "at": at, "text": text})
    return {"type": "room.event", "text": event, "seq": None, "plain": False, "delta": [id, at, text]}


async def test_the_coming_and_going_of_people_is_counted(feed, published, alice, monkeypatch):
    person = {"id": alice.id, "name": "alice", "bot": False}
    events.presence("lobby", "joined", person, 2, 1)
    events.presence("lobby", "joined", person, 2, 2)
    events.presence("lobby", "left", person, 1, 1)
    for payload in published:
        feed.receive(payload)
    monkeypatch.setattr("rooms.realtime.presence_drift.QUIET", -1.0)
    assert not feed.head_count.doubtful(1)
    assert feed.head_count.doubtful(2)
    feed.receive(published[1])  # something between was lost
    assert not feed.head_count.doubtful(2)
    feed.receive(published[1])
    assert feed.head_count.doubtful(2)
