"""What presence found out, told to the rooms concerned."""

import logging

from presence.types import Change, Notice, Online

from ..kernel.db_executor import DATABASE_AWAY
from ..publishing import events
from .user_cache import people

logger = logging.getLogger(__name__)


async def tell(hub, change: Change) -> None:
    """Who came and who left, to everyone in the room. Called in one process only."""
    async with hub.telling:  # names may have to be read: nobody's `left` overtakes their `joined`
        count = change.online - len(change.joined) + len(change.left)
        for who, type in ((change.joined, "joined"), (change.left, "left")):
            step = 1 if type == "joined" else -1
            for person in await people(who):
                count += step
                events.presence(change.room, type, person, change.online, count)


def notify(notice: Notice) -> None:
    """An overload notice, to a room or to everyone. Called in one process only."""
    if notice.room is None:
        events.to_everyone("broadcast", **told(notice))
    else:
        events.to_room(notice.room, "broadcast", **told(notice))


def told(notice: Notice) -> dict:
    """The fields of a `broadcast`: a sentence, and what a page needs to say it in its reader's language."""
    about = {"room": notice.room, "cause": notice.cause, "people": notice.most}
    return {"level": notice.level, "message": notice.text, **{name: value for name, value in about.items() if value}}


async def refresh(hub, stale: bool) -> None:
    """The lists became stale, so that this process's sockets keep the one they have; or are right again: here it is."""
    for feed in hub.rooms:
        feed.head_count.list_wanted = not stale
        if feed.connections and stale:
            feed.tell("online", stale=True)
    if not stale:
        await tell_lists(hub)


async def repair(hub) -> None:
    """Tell the list anew where somebody's `joined` or `left` was lost, came late, or came in the wrong order."""
    if hub.tracker.stale:
        return  # everybody is told the list when it is right again
    feeds = [feed for feed in hub.rooms if feed.connections]
    counts = await hub.tracker.counts([feed.name for feed in feeds], guess=False)
    for feed in feeds:
        feed.head_count.list_wanted |= feed.name in counts and feed.head_count.doubtful(counts[feed.name])
    await tell_lists(hub)


async def tell_lists(hub) -> None:
    """The whole list to each room that wants it. Where that cannot be now, it stays wanted."""
    for feed in hub.rooms:
        if feed.head_count.list_wanted and feed.connections:
            feed.head_count.list_wanted = False
            try:
                await _tell_list(hub, feed)
            except DATABASE_AWAY:
                feed.head_count.list_wanted = True
                logger.warning("room %s is not told who is here yet: the database does not answer", feed.name)


async def _tell_list(hub, feed) -> None:
    online = await hub.tracker.online(feed.name)
    listed = await _listed(hub, feed.room_id, online)
    if online.stale or hub.tracker.stale:  # it may have become so while names were read
        feed.head_count.list_wanted = True
        feed.tell("online", stale=True)
    else:
        feed.tell("online", **listed, stale=False)
        feed.head_count.listed(online.count)


async def look_for_bots(hub) -> None:
    """When a bot's worker came or went, everyone's list changes."""
    if await hub.bots.look():
        await refresh(hub, hub.tracker.stale)


async def welcome(hub, feed, online: Online) -> dict:
    """What `welcome` says about who is here."""
    listed, typing = await _listed(hub, feed.room_id, online), set(online.typing)
    if not online.stale:
        feed.head_count.welcomed(online.count)
    return {**listed, "typing": [person for person in listed["online"] if person["id"] in typing]}


async def _listed(hub, room_id: int, online: Online) -> dict:
    """People, then bots. `count` is of people: bots crowd nobody."""
    return {"online": await people([*online.ids, *await hub.bots.of(room_id)]), "count": online.count}
