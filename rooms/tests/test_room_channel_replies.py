"""A bot's reply in one room of one process: its pieces are told once and in order, whatever is lost."""

import json

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, transaction

from mysite.tests.waiting import until
from rooms.kernel import signals
from rooms.models import MessageState, Room
from rooms.publishing import events
from rooms.queries import history
from rooms.realtime import handshake
from rooms.realtime import room_channel as module
from rooms.realtime.handshake import InitialState
from rooms.realtime.room_channel import RoomChannel
from rooms.services import bot_replies

from .outlets import joined, texts

pytestmark = pytest.mark.django_db(transaction=True)


@transaction.atomic
def place(bot_user) -> int:
    room = Room.objects.select_for_update().get(name="lobby")
    reply = bot_replies.create_placeholder(room, bot_user, None)
    bot_replies.save_room_heads([room])
    return reply.id


class TestReplies:
    @pytest.fixture
    async def reply(self, channel, bot_user, payloads):
        """The id of a reply that is being written, of which the channel knows."""
        id = await sync_to_async(place)(bot_user)
        await sync_to_async(bot_replies.update)(id, state=MessageState.STREAMING)
        self.deliver(channel, payloads)
        return id

    @pytest.fixture
    def delta(self, channel, payloads):
        """delta(id, at, text): a piece arrives."""

        def arrive(id, at, text):
            events.delta("lobby", id, at, text)
            channel.receive(payloads[-1])

        return arrive

    @staticmethod
    def deliver(channel, payloads):
        for payload in payloads:
            channel.receive(payload)
        channel.flush()
        payloads.clear()

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

    async def test_a_piece_after_the_end_makes_no_reply_that_never_ends(self, channel, reply, delta, payloads):
        person = joined(channel, channel.delivered)
        delta(reply, 0, "Hello")
        payloads.clear()
        await sync_to_async(bot_replies.update)(reply, text="Hello", state=MessageState.STOPPED)
        self.deliver(channel, payloads)
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
        self, channel, reply, payloads, monkeypatch
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

    async def test_a_feed_that_starts_in_the_middle_knows_the_text_so_far(self, lobby, reply, payloads):
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

    async def test_a_feed_that_starts_in_the_middle_asks_for_what_is_rendered(self, lobby, reply, wanted):
        await sync_to_async(bot_replies.checkpoint)({reply: "one\n\ntwo"})
        assert wanted == []
        later = RoomChannel(lobby)
        await later.start()
        assert wanted == [[reply]]

    async def test_so_does_one_that_lost_pieces(self, channel, reply, delta, wanted, monkeypatch):
        monkeypatch.setattr(module, "SAVED_TEXT_INTERVAL", 0.02)
        await sync_to_async(bot_replies.checkpoint)({reply: "one\n\n"})
        delta(reply, 5, "two")
        await until(lambda: wanted)
        assert wanted == [[reply]]

    async def test_what_is_rendered_is_told_once_and_not_before_its_text(self, channel, reply, delta):
        person = joined(channel, channel.delivered)
        for _ in range(2):
            channel.receive(_rendered(reply, 0, 5, "<p>one</p>"))
        delta(reply, 0, "one\n\n")
        channel.receive(_rendered(reply, 0, 5, "<p>one</p>"))
        channel.flush()
        assert [event["type"] for event in person.outbound.events] == ["delta", "rendered"]


@pytest.fixture
def wanted():
    """The ids of each time that rendered blocks were asked for."""
    asked = []

    def on_wanted(ids, **_signal):
        asked.append(ids)

    signals.blocks_wanted.connect(on_wanted)
    yield asked
    signals.blocks_wanted.disconnect(on_wanted)


def told(channel: RoomChannel) -> dict[int, str]:
    """The texts so far, as somebody who comes now is told them."""
    return {id: reply.text for id, reply in channel.streaming_replies_for(joined(channel)).items()}


def _rendered(id: int, start: int, end: int, html: str) -> dict:
    event = json.dumps({"type": "rendered", "id": id, "start": start, "end": end, "html": html})
    return {"type": "room.event", "text": event, "seq": None, "plain": False, "rendered": [id, start, end]}


def _delta(id: int, at: int, text: str) -> dict:
    event = json.dumps({"type": "delta", "id": id, "at": at, "text": text})
    return {"type": "room.event", "text": event, "seq": None, "plain": False, "delta": [id, at, text]}
