"""One room, two web processes, people who come and go, a bot, and a Redis that loses, repeats and mixes up, played with
the real actions, database, channels and handshakes. What must hold is in test_room_model.py.

Redis and the lines to the clients are lists here, so that every order of events can happen. What a client shows is
e2e/faults/view.py, which also counts what the server must never do.
"""

import asyncio
import itertools
import uuid
from unittest import mock

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from mysite.tests.waiting import until
from rooms.models import Message, MessageState, Room
from rooms.publishing import events
from rooms.queries import history
from rooms.realtime.room_channel import RoomChannel
from rooms.services import bot_replies, membership
from rooms.services import messages as actions

from .simulated_client import Client

CLIENTS, PROCESSES = 3, 2
FULL = "Four words, and an é🎉. "
_numbers = itertools.count(1)

clients, processes = st.integers(0, CLIENTS - 1), st.integers(0, PROCESSES - 1)
which = st.integers(0, 50)  # of the messages, or of what is under way; counted round and round


class SimulatedRoom(RuleBasedStateMachine):
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
            self.run(client.open(self.people[number], self.room, self.channels[process], page))
        elif what == "read":
            self.run(client.read(5))
        elif what == "break":  # what was on its way to the client is lost with it
            client.close()

    def _message(self, number: int, **fields) -> Message | None:
        found = list(Message.objects.filter(room=self.room, **fields).order_by("id"))
        return found[number % len(found)] if found else None


def _repairs(channel: RoomChannel) -> bool:
    return bool(channel._timer or (channel._repairing and not channel._repairing.done()))
