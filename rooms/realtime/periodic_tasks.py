"""Periodic tasks of one web process, for all of its sockets: repair, revalidate, clean up, notify.

Each kind of work has a task of its own: one that waits for the database, or fails, leaves the others alone.
"""

import time
from collections.abc import Coroutine, Mapping
from typing import Any, Protocol

from accounts.security import second_factor
from common.periodic import PeriodicRunner

from ..kernel.db_executor import DATABASE_AWAY, run_db
from ..kernel.signals import cache_cleanup_due
from ..queries import history
from . import presence_events
from .authentication import revalidate
from .connection import ClientSocket, Place
from .page_connection import PageConnection
from .room_channel import RoomChannel
from .unread_notifier import UnreadNotifier

_runner = PeriodicRunner(__name__, DATABASE_AWAY)

# Seconds.
TICK = 1.0
HEADS_INTERVAL = 5.0  # what Redis has lost is repaired within two intervals
PEOPLE_INTERVAL = 5.0
BOTS_INTERVAL = 10.0
ACCESS_INTERVAL = 60.0  # of sessions and rights, in case a revocation was lost
RENDERINGS_INTERVAL = 60.0
HEARTBEAT_INTERVAL = 20.0  # a room that was silent for so long sends its head


class PeriodicHub(presence_events.PresenceHub, Protocol):
    """What periodic tasks need of the hub."""

    connections: set[ClientSocket]

    @property
    def people(self) -> Mapping[int, set[ClientSocket]]: ...
    def spawn(self, coroutine: Coroutine[Any, Any, object], /) -> None: ...
    async def forget_empty(self) -> None:
        """Drop the channels of rooms that nobody has been in for a while."""

    def close_deleted_room(self, channel: RoomChannel, /) -> None:
        """End all places in a room that no longer exists."""


class PeriodicTasks:
    def __init__(self, hub: PeriodicHub):
        self.unread_notifier = UnreadNotifier()
        self._hub = hub

    def start(self) -> None:
        for seconds, work in (
            (TICK, self._send_heartbeats_and_drop_stalled),
            (TICK, self._hub.forget_empty),
            (TICK, self._notify_unread),
            (TICK, self.end_overdue),
            (HEADS_INTERVAL, self.check_heads),
            (PEOPLE_INTERVAL, self._repair_lists),
            (BOTS_INTERVAL, self._look_for_bots),
            (ACCESS_INTERVAL, self.check_access),
            (RENDERINGS_INTERVAL, self._drop_unused_renderings),
        ):
            self._hub.spawn(_runner.run_every(seconds, work))

    def redis_is_back(self) -> None:
        """Read what may have been published meanwhile."""
        self._hub.spawn(_runner.run_once(self.check_heads))
        self._hub.spawn(_runner.run_once(self.check_access))

    async def check_heads(self) -> None:
        """Compare what was delivered with the database, for all rooms with a connection. One query."""
        channels = {channel.room_id: channel for channel in self._hub.room_channels}
        heads = await run_db(history.heads, channels) if channels else {}
        for room_id, channel in channels.items():
            if room_id in heads:
                channel.expect(heads[room_id])
            else:
                self._hub.close_deleted_room(channel)

    async def check_access(self) -> None:
        """Close sockets whose session or token has ended, or whose user may no longer be in the room."""
        connections: dict[ClientSocket | Place, None] = {}
        for socket in self._hub.connections:
            connections |= dict.fromkeys((socket, *socket.places))
        outcomes = await run_db(revalidate, [each.revalidation_key for each in connections]) if connections else ()
        for connection, refused in zip(connections, outcomes, strict=True):
            if refused:
                connection.close(refused.reason)

    async def end_overdue(self) -> None:
        """Close sockets of people who had to set up a second factor until now. No query without that rule."""
        if not second_factor.is_wanted() or not self._hub.people:
            return
        for user_id in await run_db(second_factor.become_overdue):
            for connection in list(self._hub.people.get(user_id, ())):
                connection.close("second_factor_needed")

    async def _send_heartbeats_and_drop_stalled(self) -> None:
        now = time.monotonic()
        for channel in self._hub.room_channels:
            if now - channel.last_sent > HEARTBEAT_INTERVAL and channel.connections:
                channel.push_event("head", seq=channel.delivered)
        for connection in list(self._hub.connections):
            if isinstance(connection, PageConnection) and connection.is_silent(HEARTBEAT_INTERVAL):
                connection.send("alive")
            if connection.accepted and connection.outbound.is_stalled():
                connection.close_slow()

    async def _repair_lists(self) -> None:
        await presence_events.resend_drifted_lists(self._hub)

    async def _look_for_bots(self) -> None:
        await presence_events.refresh_bots(self._hub)

    async def _drop_unused_renderings(self) -> None:
        cache_cleanup_due.send(sender=None)

    async def _notify_unread(self) -> None:
        await self.unread_notifier.notify(self._hub.people)
