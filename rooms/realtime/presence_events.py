"""Tells rooms about changes of presence."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from presence.tracker import PresenceTracker
from presence.types import OnlineList, OverloadNotice, PresenceChange

from ..kernel.db_executor import DATABASE_AWAY
from ..publishing import events
from ..queries.bot_status import BotStatus
from .room_channel import RoomChannel
from .user_cache import people

logger = logging.getLogger(__name__)


class PresenceHub(Protocol):
    """What presence events need of the hub."""

    presence_lock: asyncio.Lock
    tracker: PresenceTracker
    bots: BotStatus

    @property
    def room_channels(self) -> Sequence[RoomChannel]: ...


async def publish_changes(hub: PresenceHub, change: PresenceChange) -> None:
    """Tell everyone in a room who came and who left. Called in one process only."""
    async with hub.presence_lock:  # reading names takes time, and no `left` may overtake a `joined`
        count = change.online - len(change.joined) + len(change.left)
        for who, type in ((change.joined, "joined"), (change.left, "left")):
            step = 1 if type == "joined" else -1
            for person in await people(who):
                count += step
                events.presence(change.room, type, person, change.online, count)


def publish_notice(notice: OverloadNotice) -> None:
    """Send an overload notice to a room or to everyone. Called in one process only."""
    if notice.room is None:
        events.to_everyone("broadcast", **broadcast_fields(notice))
    else:
        events.to_room(notice.room, "broadcast", **broadcast_fields(notice))


def broadcast_fields(notice: OverloadNotice) -> dict:
    """The fields of a `broadcast`: a sentence, and what a page needs to say it in its reader's language."""
    about = {"room": notice.room, "cause": notice.cause, "people": notice.most}
    return {"level": notice.level, "message": notice.text, **{name: value for name, value in about.items() if value}}


async def set_stale(hub: PresenceHub, stale: bool) -> None:
    """Tell this process's sockets that their lists are stale, or send them lists that are right again."""
    for channel in hub.room_channels:
        channel.presence_drift.list_wanted = not stale
        if channel.connections and stale:
            channel.push_event("online", stale=True)
    if not stale:
        await send_wanted_lists(hub)


async def resend_drifted_lists(hub: PresenceHub) -> None:
    """Send the list again where a `joined` or `left` was lost, late, or in the wrong order."""
    if hub.tracker.stale:
        return  # everybody gets the list once it is right again
    channels = [channel for channel in hub.room_channels if channel.connections]
    counts = await hub.tracker.counts([channel.name for channel in channels], guess=False)
    for channel in channels:
        channel.presence_drift.list_wanted |= channel.name in counts and channel.presence_drift.is_suspect(
            counts[channel.name]
        )
    await send_wanted_lists(hub)


async def send_wanted_lists(hub: PresenceHub) -> None:
    """Send the whole list to each room that wants it. Where that fails, it stays wanted."""
    for channel in hub.room_channels:
        if channel.presence_drift.list_wanted and channel.connections:
            channel.presence_drift.list_wanted = False
            try:
                await _send_list(hub, channel)
            except DATABASE_AWAY:
                channel.presence_drift.list_wanted = True
                logger.warning("room %s is not told who is here yet: the database does not answer", channel.name)


async def _send_list(hub: PresenceHub, channel: RoomChannel) -> None:
    online = await hub.tracker.online(channel.name)
    listed = await _list_fields(hub, channel.room_id, online)
    if online.stale or hub.tracker.stale:  # it may have become so while names were read
        channel.presence_drift.list_wanted = True
        channel.push_event("online", stale=True)
    else:
        channel.push_event("online", **listed, stale=False)
        channel.presence_drift.note_list(online.count)


async def refresh_bots(hub: PresenceHub) -> None:
    """Send the lists again when a bot's worker came or went."""
    if await hub.bots.look():
        await set_stale(hub, hub.tracker.stale)


async def welcome_fields(hub: PresenceHub, channel: RoomChannel, online: OnlineList) -> dict:
    """What `welcome` says about who is here."""
    listed, typing = await _list_fields(hub, channel.room_id, online), set(online.typing)
    if not online.stale:
        channel.presence_drift.note_welcome(online.count)
    return {**listed, "typing": [person for person in listed["online"] if person["id"] in typing]}


async def _list_fields(hub: PresenceHub, room_id: int, online: OnlineList) -> dict:
    """People, then bots. `count` is of people only."""
    return {"online": await people([*online.ids, *await hub.bots.of(room_id)]), "count": online.count}
