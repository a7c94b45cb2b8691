"""Connections whose frames a test can look at, and events for them."""

import asyncio
import json

from rooms.models import Room
from rooms.realtime.connection import Connection, Place, QueuedEvent
from rooms.realtime.fanout import Fanout
from rooms.realtime.outbound import Frame
from rooms.realtime.page_connection import PageConnection, Subscription


class Outlet:
    """Keeps what is written; `slow` ones refuse it."""

    write_now = None

    def __init__(self, slow=False):
        self.frames, self.slow, self.closed = [], slow, None

    def write(self, frame):
        if self.slow:
            return False
        self.frames.append(frame)
        return True

    async def wait_writable(self):
        return not self.slow

    def close(self, code, reason):
        self.closed = code

    @property
    def seqs(self):
        return [event["seq"] for event in self.events if event["type"] == "message"]

    @property
    def events(self):
        return [event for frame in self.frames for event in events_of(frame)]


def events_of(frame: Frame) -> list[dict]:
    found = json.loads(frame.text)
    if isinstance(found, dict):
        return found.get("events", [found])
    return found


def connection(plain=False, slow=False, page=False) -> Place:
    """Of a socket that is in one room, or of a page that has subscribed to it."""
    room, outlet = Room(name="lobby"), Outlet(slow)
    if page:
        socket = PageConnection(None, outlet, id="1", access=("session", "key"))
        socket.accept()
        return Subscription(socket, room, release=lambda _: None)
    made = Connection(None, room, outlet, id="1", plain=plain, access=("session", "key"))
    made.accept()
    return made


def message(seq: int, plain=True) -> QueuedEvent:
    return QueuedEvent(json.dumps({"type": "message", "seq": seq}), plain, seq)


def joined(fanout: Fanout, seq: int = 0, **options) -> Place:
    one = connection(**options)
    fanout.join(one)
    fanout.release(one, seq)
    return one


async def turn():
    """What is due in this turn of the loop happens."""
    await asyncio.sleep(0)


def texts(connection) -> list[str]:
    return [event["message"] for event in connection.outbound.events if event["type"] == "message"]


def types(connection) -> list[str]:
    return [event["type"] for event in connection.outbound.events]
