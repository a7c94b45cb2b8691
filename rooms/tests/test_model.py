"""A model of one room: a client that applies the events, or catches up, ends with what a fresh load has."""

import itertools
import json
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rooms.kernel.errors import ChatError
from rooms.models import Message, MessageState, Room
from rooms.queries import history
from rooms.queries.serializers import message_event
from rooms.services import bot_replies, membership, messages

pytestmark = pytest.mark.django_db

who = st.sampled_from(["alice", "bob"])
which = st.integers(0, 6)  # a message, counted from the newest
emoji = st.sampled_from(["👍", "🎉", "❤️"])
words = st.sampled_from(["hi", "hi **@bob**", "> quoted\n\n@alice", "`code`", "<b>", "x" * 300])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("post"), who, words),
        st.tuples(st.just("again"), who),
        st.tuples(st.just("answer"), who, which, words),
        st.tuples(st.just("edit"), who, which, words),
        st.tuples(st.just("delete"), who, which),
        st.tuples(st.just("react"), who, which, emoji),
        st.tuples(st.just("unreact"), who, which, emoji),
        st.tuples(
            st.just("bot"), which, st.sampled_from([MessageState.STREAMING, MessageState.COMPLETE, MessageState.FAILED])
        ),
    ),
    max_size=25,
)
numbers = itertools.count()


class Client:
    """What static/js/state/room_state.js does with events: upsert by id, remember the last number without a hole."""

    def __init__(self, room):
        self.room = room
        page = history.page(room, limit=100)
        self.messages = {message.id: message_event(message) for message in page.messages}
        self.seq = page.seq

    def hear(self, event):
        if event["seq"] == self.seq + 1:
            self.seq = event["seq"]
            self.messages[event["id"]] = event

    def catch_up(self):
        found, self.seq = history.changed_since(self.room.id, self.seq)
        self.messages |= {message.id: message_event(message) for message in found}

    def shows(self):
        # A quote follows what it quotes only when it is loaded again; the client does that by itself.
        bare = [{**message, "reply_to": bool(message["reply_to"])} for message in self.messages.values()]
        return json.loads(json.dumps(sorted(bare, key=lambda message: message["id"])))


class Table:
    """A room that the steps are done to."""

    def __init__(self, people, bot_user):
        self.people, self.bot_user = people, bot_user
        self.room = membership.get_or_create_and_join(people["alice"], f"Room {next(numbers)}")
        self.last = {}

    def do(self, name, *args):
        try:
            getattr(self, name)(*args)
        except ChatError as error:
            assert error.code in ("forbidden", "not_found"), error

    def message(self, index):
        found = Message.objects.filter(room=self.room).order_by("-id")[index : index + 1]
        return found[0].id if found else 10**9

    def post(self, who, text, reply_to=None):
        self.last[who] = (text, uuid.uuid4(), reply_to)
        messages.post(self.people[who], self.room.name, text, self.last[who][1], reply_to)

    def again(self, who):
        if who in self.last:
            text, id, reply_to = self.last[who]
            assert not messages.post(self.people[who], self.room.name, text, id, reply_to).created

    def answer(self, who, index, text):
        self.post(who, text, self.message(index))

    def edit(self, who, index, text):
        messages.edit(self.people[who], self.room.name, self.message(index), text)

    def delete(self, who, index):
        messages.delete(self.people[who], self.room.name, self.message(index))

    def react(self, who, index, emoji):
        messages.react(self.people[who], self.room.name, self.message(index), emoji)

    def unreact(self, who, index, emoji):
        messages.unreact(self.people[who], self.room.name, self.message(index), emoji)

    def bot(self, index, state):
        question = Message.objects.filter(pk=self.message(index)).first()
        room = Room.objects.get(pk=self.room.pk)
        reply = bot_replies.create_placeholder(room, self.bot_user, question)
        room.save()
        bot_replies.update(reply.id, text="so **far**", state=state)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, lost=st.sets(st.integers(1, 40), max_size=6), joins=st.integers(0, 25))
def test_every_client_ends_up_with_what_a_fresh_load_has(
    alice, bob, bot_user, monkeypatch, django_capture_on_commit_callbacks, steps, lost, joins
):
    table = Table({"alice": alice, "bob": bob}, bot_user)
    events = []

    def submit(group, payload):
        if payload.get("seq") and group == f"chat_{table.room.name}":
            events.append(json.loads(payload["text"]))

    monkeypatch.setattr("rooms.publishing.publisher.submit", submit)
    faithful, lossy, late = Client(table.room), Client(table.room), None
    for number, step in enumerate(steps):
        if number == joins:
            late = Client(table.room)
        with django_capture_on_commit_callbacks(execute=True):
            table.do(*step)
        for event in events:
            faithful.hear(event)
            if event["seq"] not in lost:
                lossy.hear(event)
            if late:
                late.hear(event)
        events_seen = [event["seq"] for event in events]
        assert events_seen == list(range(faithful.seq - len(events) + 1, faithful.seq + 1))
        events.clear()
    fresh = Client(table.room)
    assert faithful.seq == fresh.seq
    assert faithful.shows() == fresh.shows()
    lossy.catch_up()
    assert (lossy.seq, lossy.shows()) == (fresh.seq, fresh.shows())
    if late:
        assert (late.seq, late.shows()) == (fresh.seq, fresh.shows())
    numbers_now = list(Message.objects.filter(room=table.room).values_list("seq", flat=True))
    assert len(set(numbers_now)) == len(numbers_now)
    assert Room.objects.get(pk=table.room.pk).seq == max(numbers_now, default=0)
