"""What presence found out, told to the rooms concerned."""

from presence.facts import Change, Notice, Online

from . import publish
from .people import people


async def tell(hub, change: Change) -> None:
    """Who came and who left, to everyone in the room. Called in one process only."""
    async with hub.telling:  # names may have to be read: nobody's `left` overtakes their `joined`
        for who, type in ((change.joined, "joined"), (change.left, "left")):
            for person in await people(who):
                publish.to_room(change.room, type, user=person, online=change.online)


def notify(notice: Notice) -> None:
    """An overload notice, to a room or to everyone. Called in one process only."""
    if notice.room is None:
        publish.to_everyone("broadcast", **told(notice))
    else:
        publish.to_room(notice.room, "broadcast", **told(notice))


def told(notice: Notice) -> dict:
    """The fields of a `broadcast`: a sentence, and what a page needs to say it in its reader's language."""
    about = {"room": notice.room, "cause": notice.cause, "people": notice.most}
    return {"level": notice.level, "message": notice.text, **{name: value for name, value in about.items() if value}}


async def refresh(hub, stale: bool) -> None:
    """The lists became stale, so that this process's sockets keep the one they have; or are right again: here it is."""
    for feed in hub.rooms:
        if feed.connections and stale:
            feed.tell("online", stale=True)
        elif feed.connections:
            listed = await _listed(hub, feed.room_id, await hub.tracker.online(feed.name))
            feed.tell("online", **listed, stale=False)


async def look_for_bots(hub) -> None:
    """When a bot's worker came or went, everyone's list changes."""
    if await hub.bots.look():
        await refresh(hub, hub.tracker.stale)


async def welcome(hub, room_id: int, online: Online) -> dict:
    """What `welcome` says about who is here."""
    listed, typing = await _listed(hub, room_id, online), set(online.typing)
    return {**listed, "typing": [person for person in listed["online"] if person["id"] in typing]}


async def _listed(hub, room_id: int, online: Online) -> dict:
    """People, then bots. `count` is of people: bots crowd nobody."""
    return {"online": await people([*online.ids, *await hub.bots.of(room_id)]), "count": online.count}
