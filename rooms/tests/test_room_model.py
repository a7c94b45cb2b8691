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
from mysite.tests.waiting import until
from rooms.models import Message, MessageState, Room
from rooms.publishing import events
from rooms.queries import history
from rooms.queries.serializers import message_event
from rooms.realtime import handshake, room_channel
from rooms.realtime.connection import Connection, Place
from rooms.realtime.page_connection import PageConnection, Subscription
from rooms.realtime.room_channel import RoomChannel
from rooms.services import bot_replies, membership
from rooms.services import messages as actions

from .test_fanout import Outlet, events_of

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

    async def wait_writable(self):
        return True


class Client:
    """A page: begun from what was loaded, kept right by events."""

    def __init__(self, page: history.Page):
        self.view = View()
        self.view.seq = page.seq
        self.view.messages = {message.id: json.loads(json.dumps(message_event(message))) for message in page.messages}
        self.connection: Place | None = None
        self.process = 0


class RoomMachine(RuleBasedStateMachine):
    people: list = []
    bot = None

    def __init__(self):
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.room = membership.get_or_create_and_join(self.people[0], f"Model {next(_numbers)}")
        for person in self.people[1:]:
            membership.get_or_join(person, self.room.name)
        self.under_way: list[list[dict]] = [[] for _ in range(PROCESSES)]
        self.patch = mock.patch.object(events.publisher, "submit", self._published)
        self.patch.start()
        self.channels = [self.run(self._start_channel()) for _ in range(PROCESSES)]
        self.clients = [Client(history.page(self.room, limit=100)) for _ in range(CLIENTS)]
        self.posted: list[tuple] = []
        self.writing: dict[int, str] = {}  # replies → the text so far, as the bot's worker has it

    async def _start_channel(self) -> RoomChannel:
        made = RoomChannel(self.room)
        await made.start()
        return made

    def run(self, coroutine):
        return self.loop.run_until_complete(coroutine)

    def _published(self, group: str, payload: dict) -> None:
        if group == f"chat_{self.room.name}":
            for waiting in self.under_way:
                waiting.append(payload)

    # --- people ---

    @rule(
        what=st.sampled_from(["post", "post", "repeat", "edit", "delete", "react", "unreact"]),
        person=clients,
        number=which,
    )
    def somebody(self, what, person, number):
        getattr(self, f"_{what}")(self.people[person], number)

    def _post(self, person, number):
        text = ("hello", "**bold** words", "é🎉", "@bob look")[number % 4]
        self.posted.append((person, self.room.name, text, uuid.uuid4()))
        actions.post(*self.posted[-1])

    def _repeat(self, _person, number):
        """The ack was lost, the client says it again."""
        if self.posted:
            actions.post(*self.posted[number % len(self.posted)])

    def _edit(self, _person, number):
        message = self._message(number, kind="human", deleted=False)
        if message:
            actions.edit(message.sender, self.room.name, message.id, f"edited {number}")

    def _delete(self, _person, number):
        message = self._message(number, kind="human")
        if message:
            actions.delete(message.sender, self.room.name, message.id)

    def _react(self, person, number, action=actions.react):
        message = self._message(number, deleted=False)
        if message:
            action(person, self.room.name, message.id, "👍🎉"[number % 2])

    def _unreact(self, person, number):
        self._react(person, number, actions.unreact)

    # --- a bot, in a process of its own ---

    @rule(what=st.sampled_from(["ask", "write", "write", "write", "save", "finish"]), number=which)
    def the_bot(self, what, number):
        if what == "ask":
            self._ask()
        elif self.writing:
            id = list(self.writing)[number % len(self.writing)]
            getattr(self, f"_bot_{what}")(id, number)

    def _ask(self):
        with transaction.atomic():
            room = Room.objects.select_for_update().get(pk=self.room.pk)
            reply = bot_replies.create_placeholder(room, self.bot, None)
            bot_replies.save_room_heads([room])
        bot_replies.update(reply.id, state=MessageState.STREAMING)
        self.writing[reply.id] = ""

    def _bot_write(self, id, number):
        text = self.writing[id]
        piece = (FULL * 10)[len(text) : len(text) + number % 5 + 1]
        events.delta(self.room.name, id, len(text), piece)
        self.writing[id] = text + piece

    def _bot_save(self, id, _number):
        bot_replies.checkpoint({id: self.writing[id]})

    def _bot_finish(self, id, number):
        state = (MessageState.COMPLETE, MessageState.STOPPED, MessageState.FAILED)[number % 3]
        bot_replies.update(id, text=self.writing.pop(id), state=state)

    # --- Redis, and the clock ---

    @rule(
        what=st.sampled_from(["deliver_all", "deliver_all", "deliver", "repeat", "lose", "lose_all", "compare_heads"]),
        process=processes,
        number=which,
    )
    def redis(self, what, process, number):
        waiting = self.under_way[process]
        if what == "compare_heads":
            self._compare_heads(process)
        elif what == "lose_all":
            waiting.clear()
        elif what == "deliver_all":
            while waiting:
                self._receive(process, waiting.pop(0))
        elif waiting and what == "repeat":
            self._receive(process, waiting[number % len(waiting)])
        elif waiting:
            payload = waiting.pop(number % len(waiting))
            if what == "deliver":
                self._receive(process, payload)

    @rule()
    def time_passes(self):
        self.run(self._quiet())

    def _compare_heads(self, process):
        self._in_loop(self.channels[process].expect, history.head(self.room.id))
        self.time_passes()

    def _receive(self, process, payload):
        self._in_loop(self.channels[process].receive, payload)

    def _in_loop(self, function, *args):
        async def call():
            function(*args)

        self.run(call())

    async def _quiet(self):
        """Until every hole in the numbers is closed; those in texts get a moment."""
        await until(lambda: not any(map(_repairs, self.channels)))
        for _ in range(10):
            if any(each._completing for each in self.channels):
                await asyncio.sleep(0.002)

    # --- lines ---

    @rule(
        what=st.sampled_from(["open", "open", "read", "read", "break"]),
        number=clients,
        process=processes,
        page=st.booleans(),
    )
    def a_line(self, what, number, process, page):
        client = self.clients[number]
        if what == "open" and client.connection is None:
            self.run(self._open(client, self.people[number], process, page))
        elif what == "read":
            self.run(self._read(client, 5))
        elif what == "break":  # what was on its way to the client is lost with it
            self._close(client)

    def _in_one_room(self, person) -> tuple[Connection, Place]:
        one = Connection(person, self.room, Line(), id="1", plain=False, access=("session", "key"))
        return one, one

    def _on_a_page(self, person) -> tuple[PageConnection, Place]:
        socket = PageConnection(person, Line(), id="1", access=("session", "key"))
        return socket, Subscription(socket, self.room, release=lambda _: None)

    async def _open(self, client: Client, person, process: int, page: bool):
        channel = self.channels[process]
        socket, one = self._on_a_page(person) if page else self._in_one_room(person)
        client.socket, client.connection, client.process = socket, one, process
        channel.join(one)
        since = client.view.opened()
        first = await handshake.read_initial_state(HUB, one, channel, since)
        socket.accept()
        with mock.patch.object(handshake.presence_events, "welcome_fields", _nobody):
            await handshake.send_welcome(HUB, one, channel, first, SimpleNamespace(stale=False, notices=[]))

    async def _read(self, client: Client, count: int):
        if client.connection is None:
            return
        frames = client.connection.outbound.frames
        for _ in range(min(count, len(frames))):
            for event in events_of(frames.pop(0)):
                if client.view.apply(event):
                    await self._resume(client)
        if client.connection.closed and not frames:
            self._close(client)

    async def _resume(self, client: Client):
        one, channel = client.connection, self.channels[client.process]
        channel.join(one)
        first = await handshake.read_initial_state(HUB, one, channel, client.view.seq, replies=True)
        one.send("ack", id=client.view.asked)
        await handshake.send_catch_up(one, channel, first, channel.streaming_replies_for(one))

    def _close(self, client: Client):
        if client.connection:
            client.socket.closed = True
            self.channels[client.process].leave(client.connection)
            client.connection = None

    # --- what holds ---

    @invariant()
    def nobody_is_told_anything_twice_or_turned_round(self):
        for client in self.clients:
            assert (client.view.doubles, client.view.disorder) == (0, 0)

    def teardown(self):
        try:
            self._settle()
            fresh = history.page(self.room, limit=100)
            assert not fresh.more
            saved = [json.loads(json.dumps(message_event(message))) for message in fresh.messages]
            for client in self.clients:
                shown = [client.view.messages[id] for id in sorted(client.view.messages)]
                assert shown == saved
                assert client.view.seq == fresh.seq
            assert len({message["client_id"] for message in saved if message["client_id"]}) == len(self.posted)
            assert [each.streaming_ids for each in self.channels] == [[], []]
            assert not any(each.connections - self._connections() for each in self.channels)
        finally:
            self.patch.stop()
            for each in self.channels:
                each.stop()
            self.loop.run_until_complete(asyncio.sleep(0))
            self.loop.close()

    def _settle(self):
        """The faults end: replies are finished, heads compared, everybody is there and reads."""
        for id in list(self.writing):
            bot_replies.update(id, text=self.writing.pop(id), state=MessageState.COMPLETE)
        for process in range(PROCESSES):
            self._compare_heads(process)
        for _ in range(10):
            for number, client in enumerate(self.clients):
                self.a_line("open", number, number % PROCESSES, page=number > 0)
                self.run(self._read(client, 100))
            self.time_passes()

    def _connections(self) -> set[Place]:
        return {client.connection for client in self.clients}

    def _message(self, number: int, **fields) -> Message | None:
        found = list(Message.objects.filter(room=self.room, **fields).order_by("id"))
        return found[number % len(found)] if found else None


async def _no_places(_room_id):
    return []


HUB = SimpleNamespace(
    tracker=SimpleNamespace(overload=SimpleNamespace(severe=lambda: False)), bots=SimpleNamespace(places=_no_places)
)


def _repairs(channel: RoomChannel) -> bool:
    return bool(channel._timer or (channel._repairing and not channel._repairing.done()))


async def _nobody(*_):
    return {"online": [], "count": 0, "typing": []}


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_everybody_shows_what_a_fresh_load_shows(alice, bob, charlie, bot_user, monkeypatch):
    monkeypatch.setattr(room_channel, "REORDER_WAIT", 0)
    monkeypatch.setattr(room_channel, "SAVED_TEXT_INTERVAL", 0)
    RoomMachine.people, RoomMachine.bot = [alice, bob, charlie], bot_user
    run_state_machine_as_test(
        RoomMachine,
        settings=settings(max_examples=120, stateful_step_count=40, suppress_health_check=list(HealthCheck)),
    )


@pytest.mark.django_db(transaction=True)
def test_the_events_since_an_old_page_make_it_the_new_page(alice, bob):
    room = membership.get_or_create_and_join(alice, "Lobby")
    ids = [actions.post(alice, "lobby", f"message {n}").message_id for n in range(5)]
    old = Client(history.page(room, limit=100)).view
    actions.edit(alice, "lobby", ids[1], "changed")
    actions.react(bob, "lobby", ids[1], "👍")
    actions.delete(alice, "lobby", ids[3])
    actions.post(bob, "lobby", "new", reply_to=ids[0])
    messages, head = history.changed_since(room.id, old.opened())
    for message in messages:
        old.apply(json.loads(json.dumps(message_event(message))))
    old.apply({"type": "resumed", "seq": head})
    new = Client(history.page(room, limit=100)).view
    assert old.messages == new.messages
    assert old.seq == new.seq == head
    assert len(messages) == 3  # the edited one came once, with its reaction
