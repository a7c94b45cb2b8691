"""One room in this process: puts the payloads from Redis in order and delivers each to all sockets.

An event that arrives early is held back for a moment. If the missing one does not come, or the database is ahead of
what was delivered, the channel reads the gap from the database. So every socket sees every change in order, whatever
Redis loses.
"""

import asyncio
import logging
from collections.abc import Iterable

import orjson

from ..kernel import signals
from ..kernel.db_executor import DATABASE_AWAY, run_db
from ..kernel.protocol import encode
from ..models import Message, MessageState, Room
from ..publishing import payloads
from ..queries import history
from ..queries.serializers import message_event
from .connection import Place, QueuedEvent
from .fanout import Fanout
from .readers import close_former_readers
from .reorder_buffer import ReorderBuffer
from .streaming_replies import RenderedPart, ReplySoFar, StreamingReplies

logger = logging.getLogger(__name__)

REORDER_WAIT = 0.05  # seconds that an early event waits for its predecessor
RETRY_WAIT = 1.0  # seconds after a failed read
SAVED_TEXT_INTERVAL = 0.5  # seconds between reads of the saved text of a reply with a gap


class RoomChannel(Fanout):
    """Receives the payloads of the group `chat_<room_name>`. Lives in one event loop."""

    def __init__(self, room: Room) -> None:
        super().__init__(room.name)
        self.room_id = room.id
        self._reorder_buffer = ReorderBuffer()
        self._replies = StreamingReplies()
        self._waiting: set[int] = set()  # ids of replies that are queued
        self._timer: asyncio.TimerHandle | None = None
        self._repairing: asyncio.Task | None = None
        self._closing: set[asyncio.Future] = set()  # while it is looked who may still read the room
        self._completing: dict[int, asyncio.TimerHandle | asyncio.Task] = {}  # ids of replies with a gap in their text

    async def start(self) -> None:
        """Read the current state of the room. The subscription exists already, so no change is missed in between."""
        head, replies = await run_db(_read_start, self.room_id)
        self._follow(replies)
        self.delivered = head
        self._pass_on(self._reorder_buffer.begin(head))
        self._want_blocks(self.streaming_ids)

    def stop(self) -> None:
        """Cancel what is scheduled. For a room without connections."""
        for waiting in (self._timer, self._repairing, *self._closing, *self._completing.values()):
            if waiting:
                waiting.cancel()

    def receive(self, payload: dict) -> None:
        """Handle a payload of the room's group, from this application or another program that may publish."""
        try:
            found = payloads.read(payload, payloads.ROOM)
        except payloads.UnknownPayload as error:
            logger.warning("room %s: ignoring a payload: %s", self.name, error)
            return
        match found:
            case payloads.RoomEvent():
                self._take(found)
            case payloads.RoomHead():
                self.expect(found.seq)
            case payloads.RoomReadersChanged(reason=reason):
                self._close_former_readers(reason)
            case payloads.RoomNotice():
                fields = dict(found.event)
                self.push_event(fields.pop("type"), **fields)
            case payloads.TutorialMessage():
                self.push_event("broadcast", level="info", message=str(found.message))

    def push_event(self, type: str, **fields: object) -> None:
        """Send an ephemeral event to the sockets of this process."""
        self.push(QueuedEvent.of(type, fields))

    def expect(self, head: int) -> None:
        """Note that the room has changes up to `head`. Those that do not arrive soon are read from the database."""
        self._reorder_buffer.expect(head)
        self._check_for_gap()

    @property
    def streaming_ids(self) -> list[int]:
        """The ids of replies that are being streamed."""
        return list(self._replies.snapshot())

    @property
    def has_queued_replies(self) -> bool:
        """Whether a reply waits in the queue."""
        return bool(self._waiting)

    def streaming_replies_for(self, connection: Place) -> dict[int, ReplySoFar]:
        """Each reply that is being streamed, by id, to be sent at once. Later deltas continue from it."""
        self.forget_deltas(connection)
        return self._replies.snapshot()

    def _take(self, event: payloads.RoomEvent) -> None:
        item = QueuedEvent(event.text, event.plain, event.seq, event.bot is True)
        if item.seq is not None:
            self._pass_on(self._reorder_buffer.take(item))
            self._check_for_gap()
        elif event.delta:
            id, at, text = event.delta
            self._push_delta(id, self._replies.add(id, at, text))
            self._check_for_text_gap(id)
        elif event.rendered:
            id, start, end = event.rendered
            self._push_rendered(self._replies.add_rendered(id, RenderedPart(start, end, event.text)))
            self._check_for_text_gap(id)
        else:
            if event.people:
                self.presence_drift.note_change(*event.people)
            self.push(item)

    def _pass_on(self, items: Iterable[QueuedEvent]) -> None:
        for item in items:
            if item.bot:
                reply = orjson.loads(item.text)
                self._follow_one(reply["id"], reply["state"], reply["message"])
            self.push(item)

    def _follow(self, replies: list[Message]) -> None:
        for reply in replies:
            self._follow_one(reply.id, reply.state, reply.text)

    def _follow_one(self, id: int, state: str, text: str) -> None:
        self._replies.follow(id, state == MessageState.STREAMING, text)
        (self._waiting.add if state == MessageState.QUEUED else self._waiting.discard)(id)

    def _close_former_readers(self, reason: str) -> None:
        closing = asyncio.ensure_future(close_former_readers(self, self.room_id, reason))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    # --- gaps in the sequence ---

    def _check_for_gap(self, wait: float = REORDER_WAIT) -> None:
        if self._reorder_buffer.has_gap and self._timer is None:
            self._timer = self._loop.call_later(wait, self._repair_gap)

    def _repair_gap(self) -> None:
        self._timer = None
        if self._reorder_buffer.has_gap and (self._repairing is None or self._repairing.done()):
            self._repairing = self._loop.create_task(self._repair(), name=f"repair {self.name}")

    async def _repair(self) -> None:
        """Read what is missing from the database and deliver it. One read at a time."""
        claimed, head = self._reorder_buffer.claimed, self._reorder_buffer.head
        if head is None:
            return
        try:
            found = await run_db(_read_missing, self.room_id, head)
        except DATABASE_AWAY:
            logger.warning("room %s cannot be repaired yet: the database is unavailable", self.name)
            self._check_for_gap(RETRY_WAIT)
            return
        self._deliver_read(*found)
        self._pass_on(self._reorder_buffer.skip_to(self.delivered))
        # Claims from before the read that exceed what it found belong to nothing that was committed.
        self._reorder_buffer.forget(claimed)
        self._check_for_gap()

    def _deliver_read(self, messages: list[Message] | None, head: int, replies: list[Message]) -> None:
        before = self._reorder_buffer.head  # it may have moved during the read
        if before is None or head <= before:
            return
        if messages is None:
            self._replies = StreamingReplies()
            self._waiting.clear()
            self._follow(replies)
            self.push_event("reset", seq=head)
            self._want_blocks(self.streaming_ids)
        else:
            new, written = [message for message in messages if message.seq > before], self.streaming_ids
            self._follow(new)
            for message in new:
                fresh = message.first_seq > before or message.id in written
                plain = fresh and message.state == MessageState.COMPLETE and not message.deleted
                self.push(QueuedEvent(encode(message_event(message)), plain, message.seq))
            self._want_blocks([message.id for message in new if message.state == MessageState.STREAMING])
            if len(new) < head - before:  # a changed message leaves gaps where its former numbers were
                self.push_event("resumed", seq=head)
        self.delivered = head

    # --- gaps in the text of a reply, and in what is rendered of it ---

    def _push_delta(self, id: int, new: tuple[int, str] | None) -> None:
        if new:
            item = QueuedEvent.of("delta", {"id": id, "at": new[0], "text": new[1]})
            item.delta = True
            self.push(item)
            self._push_rendered(self._replies.take_rendered(id))

    def _push_rendered(self, parts: list[RenderedPart]) -> None:
        for part in parts:
            self.push(QueuedEvent(part.event, plain=False))

    def _want_blocks(self, ids: list[int]) -> None:
        """Have sent again what was rendered of these replies before this process listened, or was lost."""
        if ids:
            signals.blocks_wanted.send(RoomChannel, ids=ids)

    def _check_for_text_gap(self, id: int) -> None:
        if self._replies.has_gap(id) and id not in self._completing:
            self._completing[id] = self._loop.call_later(SAVED_TEXT_INTERVAL, self._begin_completing, id)

    def _begin_completing(self, id: int) -> None:
        self._completing[id] = self._loop.create_task(self._complete_text(id), name=f"text of {id}")

    async def _complete_text(self, id: int) -> None:
        try:
            saved = await run_db(history.text_of, id)
        except DATABASE_AWAY:
            saved = ""
        self._push_delta(id, self._replies.catch_up(id, saved))
        del self._completing[id]
        if not self._replies.has_gap(id):
            self._want_blocks([id])
        self._check_for_text_gap(id)


def _read_start(room_id: int) -> tuple[int, list[Message]]:
    return history.head(room_id), history.unfinished(room_id)


def _read_missing(room_id: int, seq: int) -> tuple[list[Message] | None, int, list[Message]]:
    """(messages changed after seq, head, []); or (None, head, unfinished replies) when too many have changed."""
    found = history.changed_since(room_id, seq)
    return (*found, []) if found else (None, history.head(room_id), history.unfinished(room_id))
