"""One room in this process: what arrives from Redis once is put in order and handed to each of its sockets.

`message` events are numbered. One that comes early is held for a moment; when the missing one does not come, or
the database is ahead of what was delivered, the feed reads what is missing and delivers it. So every socket
sees every change in order, whatever Redis lost.
"""

import asyncio
import logging
import time

import orjson

from . import timeline
from .connection import Connection, Item
from .db import DATABASE_AWAY, run_db
from .live import LiveReply
from .models import State
from .outlet import Frame
from .protocol import encode
from .wire import message_event

logger = logging.getLogger(__name__)

EARLY_WAIT = 0.05  # seconds that an event which came early waits for the one before it
RETRY_WAIT = 1.0  # seconds after a reading failed
SAVED_EVERY = 0.5  # seconds between looks at the saved text of a reply with a hole


class RoomFeed:
    """Fans a room's events out. Lives in one event loop; every method but `start` and `repair` returns at once."""

    def __init__(self, room):
        self.room_id = room.id
        self.name = room.name
        self.delivered: int | None = None  # told to every caught-up socket; None until `start` has read the head
        self.live: dict[int, LiveReply] = {}
        self.last_sent = self.empty_since = time.monotonic()
        self._together: set[Connection] = set()  # get the same frames
        self._apart: set[Connection] = set()  # joining, or told more than the feed has delivered
        self._early: dict[int, Item] = {}
        self._due: list[Item] = []
        self._flushing = False
        self._timer: asyncio.TimerHandle | None = None
        self._repairing: asyncio.Task | None = None
        self._loop = asyncio.get_running_loop()

    # --- who listens ---

    async def start(self) -> None:
        """Read where the room stands. The subscription is there already, so nothing falls in between."""
        head, replies = await run_db(_opening, self.room_id)
        self.live = {reply.id: LiveReply(reply.text) for reply in replies}
        self.delivered = head
        self._drain()

    def join(self, connection: Connection) -> None:
        """From now on the connection's events are held for it, until `release`."""
        connection.held = []
        self._together.discard(connection)
        self._apart.add(connection)

    def release(self, connection: Connection, seq: int) -> None:
        """The connection was told everything up to `seq`; what it missed meanwhile follows, then live events."""
        held, connection.held, connection.seq = connection.held or [], None, seq
        self._give(connection, [item for item in held if not item.delta])  # those are in `texts`
        self._settle(connection)

    def texts(self) -> dict[int, str]:
        """The text so far of each reply that is being written; every delta up to here has been handed out."""
        self._flush()
        return {id: reply.text for id, reply in self.live.items()}

    def leave(self, connection: Connection) -> None:
        self._together.discard(connection)
        self._apart.discard(connection)
        if not self.connections:
            self.empty_since = time.monotonic()

    @property
    def connections(self) -> set[Connection]:
        return self._together | self._apart if self._apart else self._together

    # --- what arrives ---

    def receive(self, payload: dict) -> None:
        """One payload of the room's group, from this program or any other that may publish."""
        kind = payload.get("type")
        if kind == "room.event" and "text" in payload:
            self._take(payload)
        elif kind == "room.head":
            self.expect(payload["seq"])
        elif kind == "room.event":  # from outside: a wire event as a dict
            fields = dict(payload["event"])
            self.push(fields.pop("type"), **fields)
        elif kind == "chat.message":  # from outside, in the words of the Channels tutorial
            self.push("broadcast", level="info", message=str(payload["message"]))
        else:
            logger.warning("an event of unknown type %r for room %s", kind, self.name)

    def expect(self, head: int) -> None:
        """The room has changes up to `head`. If they were not delivered, they are read now."""
        if self.delivered is not None and head > self.delivered:
            self.repair()

    def push(self, type: str, **fields) -> None:
        """An ephemeral event for the sockets of this process."""
        self._push(Item.of(type, fields))

    def repair(self) -> None:
        """Read what is missing from the database and deliver it. One reading at a time."""
        if self._repairing is None or self._repairing.done():
            self._repairing = self._loop.create_task(self._repair(), name=f"repair {self.name}")

    def _take(self, payload: dict) -> None:
        item = Item(payload["text"], payload["plain"], payload["seq"], payload.get("bot", False))
        if "delta" in payload:
            self._delta(*payload["delta"])
        elif item.seq is None:
            self._push(item)
        else:
            self._sequence(item)

    def _sequence(self, item: Item) -> None:
        if self.delivered is not None and item.seq <= self.delivered:
            return  # a repair was faster
        self._early[item.seq] = item
        if self.delivered is not None:
            self._drain()
            if self._early and self._timer is None:
                self._timer = self._loop.call_later(EARLY_WAIT, self._still_early)

    def _drain(self) -> None:
        """Deliver what is next in line, as far as it has come."""
        for seq in [seq for seq in self._early if seq <= self.delivered]:
            del self._early[seq]
        while item := self._early.pop(self.delivered + 1, None):
            self.delivered += 1
            if item.bot:
                reply = orjson.loads(item.text)
                self._note_state(reply["id"], reply["state"], reply["message"])
            self._push(item)

    def _still_early(self) -> None:
        self._timer = None
        if self._early:
            self.repair()

    async def _repair(self) -> None:
        try:
            found = await run_db(timeline.changed_since, self.room_id, self.delivered)
            messages, head = found if found else (None, await run_db(timeline.head, self.room_id))
        except DATABASE_AWAY:
            logger.warning("room %s cannot be repaired yet: the database does not answer", self.name)
            self._timer = self._loop.call_later(RETRY_WAIT, self._still_early)
            return
        before, self.delivered = self.delivered, max(head, self.delivered)
        if messages is None:
            self.push("reset", seq=head)
        else:
            new = [message for message in messages if message.seq > before]
            for message in new:
                fresh = message.first_seq > before and message.state == State.COMPLETE
                self._push(Item(encode(message_event(message)), fresh, message.seq))
                self._note_state(message.id, message.state, message.text)
            if len(new) < self.delivered - before:  # states that a later one replaced left holes in the numbers
                self.push("resumed", seq=self.delivered)
        self._drain()

    # --- bot replies being written ---

    def _delta(self, id: int, at: int, text: str) -> None:
        reply = self.live.setdefault(id, LiveReply())
        self._push_delta(id, reply.add(at, text))
        if reply.has_hole:
            self._loop.call_later(SAVED_EVERY, self._close_hole, id)

    def _close_hole(self, id: int) -> None:
        async def close():
            reply = self.live.get(id)
            if reply and reply.has_hole:
                self._push_delta(id, reply.catch_up(await run_db(timeline.text_of, id)))
                if reply.has_hole:
                    self._loop.call_later(SAVED_EVERY, self._close_hole, id)

        self._repairing_text = self._loop.create_task(close())

    def _push_delta(self, id: int, new: tuple[int, str] | None) -> None:
        if new:
            item = Item.of("delta", {"id": id, "at": new[0], "text": new[1]})
            item.delta = True
            self._push(item)

    def _note_state(self, id: int, state: str, text: str) -> None:
        if state == State.STREAMING:
            self.live[id] = LiveReply(text)
        else:
            self.live.pop(id, None)

    # --- what leaves ---

    def _push(self, item: Item) -> None:
        """Due now. Everything that is due in the same turn of the loop leaves in one frame."""
        self._due.append(item)
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        items, self._due = self._due, []
        if not items:
            return
        self.last_sent = time.monotonic()
        frame = Frame.of([item.text for item in items])
        for connection in list(self._together):
            if connection.plain:
                self._give(connection, items)
            else:
                connection.write(frame)
        for connection in list(self._apart):
            if connection.held is not None:
                connection.held += items
            else:
                self._give(connection, items)
                self._settle(connection)

    def _give(self, connection: Connection, items: list[Item]) -> None:
        """Items for one connection: not those it was told already, and in plain mode one a frame."""
        items = [item for item in items if item.seq is None or item.seq > connection.seq]
        if connection.plain:
            for item in items:
                if item.plain:
                    connection.write(Frame(item.text))
        elif items:
            connection.write(Frame.of([item.text for item in items]))

    def _settle(self, connection: Connection) -> None:
        if self.delivered is not None and self.delivered >= connection.seq and connection in self._apart:
            self._apart.discard(connection)
            self._together.add(connection)


def _opening(room_id: int):
    return timeline.head(room_id), timeline.unfinished(room_id)
