"""One room, two web processes, people who come and go, a bot, and a Redis that loses, repeats and mixes up: in the end
everybody shows what a fresh load shows.

Played with the real actions, database, feeds and openings; Redis and the lines to the clients are lists here, so that
every order of events can happen. A client is e2e/faults/view.py, which also counts what the server must never do.
"""

import asyncio
import itertools
import json
import uuid
from types import SimpleNamespace
from unittest import mock

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from e2e.faults.view import View
from rooms import actions, feed, membership, opening, publish, timeline
from rooms.connection import Connection
from rooms.feed import RoomFeed
from rooms.models import Message, Room, State
from rooms.wire import message_event

from .test_fanout import Outlet

CLIENTS, PROCESSES = 3, 2
FULL = "Four words, and an é🎉. "
_numbers = itertools.count(1)

clients, processes = st.integers(0, CLIENTS - 1), st.integers(0, PROCESSES - 1)
which = st.integers(0, 50)  # of the messages, or of what is under way; counted round and round


class Line(Outlet):
    """A connection's way out: frames on their way to the client. Full when it reads too slowly."""

    def write(self, frame):
        if len(self.frames) >= 12:
            return False
        self.frames.append(frame)
        return True

    async def ready(self):
        return True


class Client:
    """A page: begun from what was loaded, kept right by events."""

    def __init__(self, page: timeline.Page):
        self.view = View()
        self.view.seq = page.seq
        self.view.messages = {message.id: json.loads(json.dumps(message_event(message))) for message in page.messages}
        self.connection: Connection | None = None
        self.process = 0


class RoomMachine(RuleBasedStateMachine):
    people: list = []
    bot = None

    def __init__(self):
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.room = membership.open_room(self.people[0], f"Model {next(_numbers)}")
        for person in self.people[1:]:
            membership.enter(person, self.room.name)
        self.under_way: list[list[dict]] = [[] for _ in range(PROCESSES)]
        self.patch = mock.patch.object(publish.publisher, "submit", self._published)
        self.patch.start()
        self.feeds = [self.run(self._feed()) for _ in range(PROCESSES)]
        self.clients = [Client(timeline.page(self.room, limit=100)) for _ in range(CLIENTS)]
        self.posted: list[dict] = []
        self.writing: dict[int, str] = {}  # replies → the text so far, as the bot's worker has it

    async def _feed(self) -> RoomFeed:
        made = RoomFeed(self.room)
        await made.start()
        return made

    def run(self, coroutine):
        return self.loop.run_until_complete(coroutine)

    def _published(self, group: str, payload: dict) -> None:
        if group == f"chat_{self.room.name}":
            for waiting in self.under_way:
                waiting.append(payload)

    # --- people ---

    @rule(author=clients, text=st.sampled_from(["hello", "**bold** words", "é🎉", "@bob look"]))
    def post(self, author, text):
        command = {"user": self.people[author], "text": text, "client_id": uuid.uuid4()}
        self._post(command)
        self.posted.append(command)

    @rule(number=which)
    def repeat_a_post(self, number):
        """The ack was lost, the client says it again."""
        if self.posted:
            self._post(self.posted[number % len(self.posted)])

    def _post(self, command):
        actions.post(command["user"], self.room.name, command["text"], command["client_id"])

    @rule(number=which, text=st.sampled_from(["edited", "edited again"]))
    def edit(self, number, text):
        message = self._message(number, kind="human", deleted=False)
        if message:
            actions.edit(message.sender, self.room.name, message.id, text)

    @rule(number=which)
    def delete(self, number):
        message = self._message(number, kind="human")
        if message:
            actions.delete(message.sender, self.room.name, message.id)

    @rule(number=which, person=clients, emoji=st.sampled_from("👍🎉"), back=st.booleans())
    def react(self, number, person, emoji, back):
        message = self._message(number, deleted=False)
        if message:
            (actions.unreact if back else actions.react)(self.people[person], self.room.name, message.id, emoji)

    # --- a bot, in a process of its own ---

    @rule()
    def ask(self):
        with transaction.atomic():
            room = Room.objects.select_for_update().get(pk=self.room.pk)
            reply = actions.place_reply(room, self.bot, None)
            actions.save_heads([room])
        actions.update_reply(reply.id, state=State.STREAMING)
        self.writing[reply.id] = ""

    @rule(number=which, length=st.integers(1, 5))
    def write_on(self, number, length):
        id = self._reply(number)
        if id:
            text = self.writing[id]
            piece = (FULL * 10)[len(text) : len(text) + length]
            publish.delta(self.room.name, id, len(text), piece)
            self.writing[id] = text + piece

    @rule(number=which)
    def save(self, number):
        id = self._reply(number)
        if id:
            actions.checkpoint_reply(id, self.writing[id])

    @rule(number=which, state=st.sampled_from([State.COMPLETE, State.STOPPED, State.FAILED]))
    def finish(self, number, state):
        id = self._reply(number)
        if id:
            actions.update_reply(id, text=self.writing.pop(id), state=state)

    # --- Redis ---

    @rule(process=processes, number=st.just(0) | which)
    def deliver(self, process, number):
        if waiting := self.under_way[process]:
            self._receive(process, waiting.pop(number % len(waiting)))

    @rule(process=processes)
    def deliver_all(self, process):
        while self.under_way[process]:
            self._receive(process, self.under_way[process].pop(0))

    @rule(process=processes, number=which)
    def repeat(self, process, number):
        if waiting := self.under_way[process]:
            self._receive(process, waiting[number % len(waiting)])

    @rule(process=processes, number=which)
    def lose(self, process, number):
        if waiting := self.under_way[process]:
            waiting.pop(number % len(waiting))

    @rule(process=processes)
    def lose_all(self, process):
        self.under_way[process].clear()

    @rule(process=processes)
    def compare_heads(self, process):
        self._in_loop(self.feeds[process].expect, timeline.head(self.room.id))
        self.time_passes()

    @rule()
    def time_passes(self):
        self.run(self._quiet())

    def _receive(self, process, payload):
        self._in_loop(self.feeds[process].receive, payload)

    def _in_loop(self, function, *args):
        async def call():
            function(*args)

        self.run(call())

    async def _quiet(self):
        """Until every hole that can be closed is."""
        for _ in range(50):
            await asyncio.sleep(0.001)
            if not any(map(_waits, self.feeds)):
                return

    # --- lines ---

    @rule(client=clients, process=processes)
    def connect(self, client, process):
        found = self.clients[client]
        if found.connection is None:
            self.run(self._open(found, self.people[client], process))

    @rule(client=clients, count=st.integers(1, 5))
    def read(self, client, count):
        self.run(self._read(self.clients[client], count))

    @rule(client=clients)
    def lose_the_line(self, client):
        """What was on its way to the client is lost with it."""
        self._close(self.clients[client])

    async def _open(self, client: Client, person, process: int):
        one = Connection(person, self.room, Line(), id="1", plain=False, access=("session", "key"))
        client.connection, client.process = one, process
        feed = self.feeds[process]
        feed.join(one)
        since = client.view.opened()
        first = await opening.read(HUB, one, feed, since)
        one.accept()
        with mock.patch.object(opening.attendance, "welcome", _nobody):
            await opening.greet(HUB, one, feed, first, SimpleNamespace(stale=False, notices=[]))

    async def _read(self, client: Client, count: int):
        if client.connection is None:
            return
        frames = client.connection.outlet.frames
        for _ in range(min(count, len(frames))):
            found = json.loads(frames.pop(0).text)
            for event in found if isinstance(found, list) else [found]:
                if client.view.apply(event):
                    await self._resume(client)
        if client.connection.closed and not frames:
            self._close(client)

    async def _resume(self, client: Client):
        one, feed = client.connection, self.feeds[client.process]
        feed.join(one)
        first = await opening.read(HUB, one, feed, client.view.seq, replies=True)
        await opening.catch_up(one, feed, first, feed.texts_for(one))

    def _close(self, client: Client):
        if client.connection:
            client.connection.closed = True
            self.feeds[client.process].leave(client.connection)
            client.connection = None

    # --- what holds ---

    @invariant()
    def nobody_is_told_anything_twice_or_turned_round(self):
        for client in self.clients:
            assert (client.view.doubles, client.view.disorder) == (0, 0)

    def teardown(self):
        try:
            self._settle()
            fresh = timeline.page(self.room, limit=100)
            assert not fresh.more
            saved = [json.loads(json.dumps(message_event(message))) for message in fresh.messages]
            for client in self.clients:
                shown = [client.view.messages[id] for id in sorted(client.view.messages)]
                assert shown == saved
                assert client.view.seq == fresh.seq
            assert len({message["client_id"] for message in saved if message["client_id"]}) == len(self.posted)
            assert not any(each.replies or each.connections - self._connections() for each in self.feeds)
        finally:
            self.patch.stop()
            for each in self.feeds:
                each.stop()
            self.loop.run_until_complete(asyncio.sleep(0))
            self.loop.close()

    def _settle(self):
        """The faults end: replies are finished, heads compared, everybody is there and reads."""
        for id in list(self.writing):
            actions.update_reply(id, text=self.writing.pop(id), state=State.COMPLETE)
        for process in range(PROCESSES):
            self.compare_heads(process)
        for _ in range(10):
            for number, client in enumerate(self.clients):
                self.connect(number, number % PROCESSES)
                self.run(self._read(client, 100))
            self.time_passes()

    def _connections(self) -> set[Connection]:
        return {client.connection for client in self.clients}

    def _message(self, number: int, **fields) -> Message | None:
        found = list(Message.objects.filter(room=self.room, **fields).order_by("id"))
        return found[number % len(found)] if found else None

    def _reply(self, number: int) -> int | None:
        ids = list(self.writing)
        return ids[number % len(ids)] if ids else None


HUB = SimpleNamespace(tracker=SimpleNamespace(overload=SimpleNamespace(severe=lambda: False)))


def _waits(feed: RoomFeed) -> bool:
    return bool(feed._timer or feed._completing or (feed._repairing and not feed._repairing.done()))


async def _nobody(*_):
    return {"online": [], "count": 0, "typing": []}


@pytest.mark.django_db(transaction=True)
def test_everybody_shows_what_a_fresh_load_shows(alice, bob, charlie, bot_user, monkeypatch):
    monkeypatch.setattr(feed, "EARLY_WAIT", 0)
    monkeypatch.setattr(feed, "SAVED_EVERY", 0)
    RoomMachine.people, RoomMachine.bot = [alice, bob, charlie], bot_user
    run_state_machine_as_test(
        RoomMachine,
        settings=settings(
            max_examples=40, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.django_db(transaction=True)
def test_the_events_since_an_old_page_make_it_the_new_page(alice, bob):
    room = membership.open_room(alice, "Lobby")
    ids = [actions.post(alice, "lobby", f"message {n}").message_id for n in range(5)]
    old = Client(timeline.page(room, limit=100)).view
    actions.edit(alice, "lobby", ids[1], "changed")
    actions.react(bob, "lobby", ids[1], "👍")
    actions.delete(alice, "lobby", ids[3])
    actions.post(bob, "lobby", "new", reply_to=ids[0])
    messages, head = timeline.changed_since(room.id, old.opened())
    for message in messages:
        old.apply(json.loads(json.dumps(message_event(message))))
    old.apply({"type": "resumed", "seq": head})
    new = Client(timeline.page(room, limit=100)).view
    assert old.messages == new.messages
    assert old.seq == new.seq == head
    assert len(messages) == 3  # the edited one came once, with its reaction
