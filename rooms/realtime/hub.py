"""What one web process has for its sockets: the channels of rooms and users, the post writer, the periodic tasks.

One hub for each event loop. It subscribes to every room and every user (`user_<id>`) with a connection in this process,
and to `broadcast`.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine, Iterable
from typing import Any
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer
from django.conf import settings

from accounts.security import authentication
from presence.tracker import PresenceTracker

from ..kernel import db_executor
from ..kernel.batcher import DataLoader
from ..kernel.db_executor import DATABASE_AWAY
from ..kernel.slugs import EVERYONE, group_name, user_group
from ..models import Room
from ..publishing import payloads, publisher
from ..queries.bot_status import BotStatus
from . import presence_events, user_cache
from .account_state import read_account_states
from .authentication import authenticate_many, identify_many, recheck
from .connection import ClientSocket, Place
from .connection_limits import ConnectionLimiter
from .outbound import Frame
from .periodic_tasks import PeriodicTasks
from .post_writer import PostWriter
from .room_channel import RoomChannel

logger = logging.getLogger(__name__)

EMPTY_CHANNEL_TTL = 10.0  # seconds that a channel is kept for people who come back, as after a reload


class Hub:
    def __init__(self) -> None:
        self.open_sockets: set[object] = set()  # accepted, or in the handshake; for MAX_CONNECTIONS
        self.connections: set[ClientSocket] = set()
        self.connection_limiter = ConnectionLimiter()
        self.post_writer = PostWriter()
        self.authenticator = DataLoader(authenticate_many)
        self.identifier = DataLoader(identify_many)
        self.account_states = DataLoader(read_account_states)
        self.recheck = DataLoader(recheck)
        self._layer = get_channel_layer()
        self._rooms: dict[str, RoomChannel] = {}
        self._starting: dict[str, asyncio.Task] = {}
        self._people: dict[int, set[ClientSocket]] = {}
        self._arriving: dict[int, asyncio.Task] = {}  # users whose group is being subscribed
        self._left: dict[int, float] = {}  # users without a connection any more → since when
        publisher.adopt()
        self._layer.register(EVERYONE, self._receive_everyone)
        self._periodic_tasks = PeriodicTasks(self)
        self._layer.reconnect_callbacks.append(self._periodic_tasks.redis_is_back)
        self.presence_lock = asyncio.Lock()
        self.tracker = PresenceTracker(
            on_change=lambda change: self.spawn(presence_events.publish_changes(self, change)),
            on_notice=presence_events.publish_notice,
            on_stale=lambda stale: self.spawn(presence_events.set_stale(self, stale)),
            measures={"database": lambda: db_executor.busy() / settings.DB_THREADS},
        )
        self.bots = BotStatus(self)
        self._tasks: set[asyncio.Task] = set()
        self.spawn(self._begin())

    async def _begin(self) -> None:
        await self.tracker.start()
        await self._layer.group_add(EVERYONE, EVERYONE)
        self._periodic_tasks.start()

    # --- connections ---

    async def add(self, connection: ClientSocket) -> None:
        """Subscribe a connection to its user."""
        self.connections.add(connection)
        user_id = connection.user.id
        self._people.setdefault(user_id, set()).add(connection)
        group = user_group(user_id)
        if self._left.pop(user_id, None) is None and len(self._people[user_id]) == 1:
            self._layer.register(group, lambda payload: self._receive_person(user_id, payload))
            task = self._arriving[user_id] = asyncio.create_task(self._layer.group_add(group, group))
            task.add_done_callback(lambda _: self._arriving.pop(user_id, None))
        if user_id in self._arriving:  # another tab may have begun it
            await asyncio.shield(self._arriving[user_id])

    async def enter(self, place: Place) -> RoomChannel:
        """Subscribe a connection to a room. Its events are held back until `channel.release`."""
        channel = await self.get_or_start_channel(place.room)
        channel.join(place)
        return channel

    def leave(self, place: Place) -> None:
        """Undo `enter`, however far it came."""
        if channel := self._rooms.get(place.room.name):
            channel.leave(place)

    def remove(self, connection: ClientSocket) -> None:
        """Forget a connection, however it ended or far `add` came. Awaits nothing, so nothing can interrupt it."""
        self.connections.discard(connection)
        for place in connection.places:
            self.leave(place)
        mine = self._people.get(connection.user.id)
        if mine is not None:
            mine.discard(connection)
            if not mine:
                self._left[connection.user.id] = time.monotonic()

    @property
    def room_channels(self) -> list[RoomChannel]:
        return list(self._rooms.values())

    @property
    def people(self) -> dict[int, set[ClientSocket]]:
        """User id → the connections in this process."""
        return self._people

    def look_for_unread(self, user_id: int) -> None:
        """Somebody does not show a room any more: what came at that moment must not be missed."""
        self._periodic_tasks.unread_notifier.forget(user_id)

    async def get_or_start_channel(self, room: Room) -> RoomChannel:
        """The room's channel, subscribed and started. Raises what the database raises."""
        if room.name in self._rooms and self._rooms[room.name].room_id != room.id:
            self.close_deleted_room(self._rooms.pop(room.name))  # deleted, and created again
        if room.name not in self._rooms:
            if room.name not in self._starting:
                task = asyncio.create_task(self._start(room), name=f"start {room.name}")
                self._starting[room.name] = task
                task.add_done_callback(lambda _: self._starting.pop(room.name, None))
            return await asyncio.shield(self._starting[room.name])
        return self._rooms[room.name]

    async def _start(self, room: Room) -> RoomChannel:
        channel, group = RoomChannel(room), group_name(room.name)
        self._layer.register(group, channel.receive)
        await self._layer.group_add(group, group)
        try:
            await channel.start()
        except BaseException:
            await self._drop(group)
            raise
        self._rooms[room.name] = channel
        return channel

    async def _drop(self, group: str) -> None:
        # Unregister first: somebody who comes back meanwhile gets a registration of their own.
        self._layer.unregister(group)
        await self._layer.group_discard(group, group)

    # --- payloads for users ---

    def _receive_person(self, user_id: int, payload: dict) -> None:
        connections = list(self._people.get(user_id, ()))
        match _decode_or_log(payload, payloads.PERSON):
            case payloads.SessionEnded(session=ended):
                for connection in connections:
                    kind, key = connection.access
                    if ended in (None, authentication.session_digest(key) if kind == "session" else key):
                        connection.close("session_ended")
            case payloads.RoomRemoved(room=room):
                for connection, place in [(each, place) for each in connections for place in each.places]:
                    if place.room.name == room:
                        self.tracker.leave(room, user_id, connection.id, at_once=True)
                        place.close("not_in_room")
            case payloads.RoomListChanged():
                self._periodic_tasks.unread_notifier.forget(user_id)
            case payloads.RoomEvent() as event:  # of the inbox, invitations and the like: of no room, or of many
                _deliver([each for each in connections if each.user.only_rooms is None], event)

    def _receive_everyone(self, payload: dict) -> None:
        match _decode_or_log(payload, payloads.EVERYONE):
            case payloads.RoomEvent() as event:
                _deliver(list(self.connections), event)
            case payloads.PersonChanged() as change:
                user_cache.forget(change.user)
                for connection in self._people.get(change.user, ()):
                    user_cache.apply(change, connection.user)

    # --- ends, and background tasks ---

    def close_deleted_room(self, channel: RoomChannel) -> None:
        """The room was deleted."""
        for connection in list(channel.connections):
            connection.close("no_such_room")

    async def forget_empty(self) -> None:
        """Drop the channels of rooms and users without a connection."""
        for name, channel in list(self._rooms.items()):
            if channel.is_empty and time.monotonic() - channel.empty_since > EMPTY_CHANNEL_TTL:
                self._rooms.pop(name).stop()
                await self._drop(group_name(name))
        for user_id, since in list(self._left.items()):
            # They may have come back while the previous one was dropped.
            if self._left.get(user_id) == since and time.monotonic() - since > EMPTY_CHANNEL_TTL:
                del self._left[user_id]
                del self._people[user_id]
                await self._drop(user_group(user_id))

    def spawn(self, coroutine: Coroutine[Any, Any, object]) -> None:
        """Run a background task. It ends with the hub, and exceptions are logged."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            away = isinstance(error, DATABASE_AWAY)
            logger.warning("a background task failed: %r", error, exc_info=None if away else error)

    async def close(self) -> None:
        """Shut down: write waiting posts, publish what is due, stop."""
        for task in list(self._tasks):
            task.cancel()
        await self.tracker.stop()
        await self.post_writer.close()
        await publisher.adopt().close()


def _decode_or_log(payload: dict, types: dict) -> payloads.Payload | None:
    try:
        return payloads.read(payload, types)
    except payloads.UnknownPayload as error:
        logger.warning("a payload that this version does not understand: %s", error)
        return None


def _deliver(connections: Iterable[ClientSocket], event: payloads.RoomEvent) -> None:
    frame = Frame(event.text)
    for connection in connections:
        if event.plain or not connection.plain:
            connection.write(frame)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop, created at the first call."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
