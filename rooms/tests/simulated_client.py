"""A client of a simulated room (simulated_room.py), with a line that breaks and is read when the test says."""

import json
from types import SimpleNamespace
from unittest import mock

from e2e.faults.view import View
from rooms.models import Room
from rooms.queries import history
from rooms.queries.serializers import message_event
from rooms.realtime import handshake
from rooms.realtime.connection import Connection, Place
from rooms.realtime.page_connection import PageConnection, Subscription
from rooms.realtime.room_channel import RoomChannel

from .outlets import Outlet, events_of


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

    async def open(self, person, room: Room, channel: RoomChannel, page: bool) -> None:
        """A socket of its own for the room; or that of a page, which may have several."""
        self._socket, one = _on_a_page(person, room) if page else _in_one_room(person, room)
        self.connection, self._channel = one, channel
        channel.join(one)
        since = self.view.opened()
        first = await handshake.read_initial_state(HUB, one, channel, since)
        self._socket.accept()
        with mock.patch.object(handshake.presence_events, "welcome_fields", _nobody):
            await handshake.send_welcome(HUB, one, channel, first, SimpleNamespace(stale=False, notices=[]))

    async def read(self, count: int) -> None:
        if self.connection is None:
            return
        frames = self.connection.outbound.frames
        for _ in range(min(count, len(frames))):
            for event in events_of(frames.pop(0)):
                if self.view.apply(event):
                    await self._resume()
        if self.connection.closed and not frames:
            self.close()

    async def _resume(self) -> None:
        one, channel = self.connection, self._channel
        channel.join(one)
        first = await handshake.read_initial_state(HUB, one, channel, self.view.seq, replies=True)
        one.send("ack", id=self.view.asked)
        await handshake.send_catch_up(one, channel, first, channel.streaming_replies_for(one))

    def close(self) -> None:
        if self.connection:
            self._socket.closed = True
            self._channel.leave(self.connection)
            self.connection = None


def _in_one_room(person, room: Room) -> tuple[Connection, Place]:
    one = Connection(person, room, Line(), id="1", plain=False, access=("session", "key"))
    return one, one


def _on_a_page(person, room: Room) -> tuple[PageConnection, Place]:
    socket = PageConnection(person, Line(), id="1", access=("session", "key"))
    return socket, Subscription(socket, room, release=lambda _: None)


async def _no_places(_room_id):
    return []


HUB = SimpleNamespace(
    tracker=SimpleNamespace(overload=SimpleNamespace(severe=lambda: False)), bots=SimpleNamespace(places=_no_places)
)


async def _nobody(*_):
    return {"online": [], "count": 0, "typing": []}
