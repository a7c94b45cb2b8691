"""What presence found out, told to the rooms concerned."""

from presence.facts import Change, Notice, Online

from . import publish
from .people import people


async def tell(change: Change) -> None:
    """Who came and who left, to everyone in the room. Called in one process only."""
    for who, type in ((change.joined, "joined"), (change.left, "left")):
        for person in await people(who):
            publish.to_room(change.room, type, user=person, online=change.online)


def notify(notice: Notice) -> None:
    """An overload notice, to a room or to everyone. Called in one process only."""
    if notice.room is None:
        publish.to_everyone("broadcast", level=notice.level, message=notice.text)
    else:
        publish.to_room(notice.room, "broadcast", level=notice.level, message=notice.text)


async def refresh(hub, stale: bool) -> None:
    """The lists became stale, or are right again: give this process's sockets the whole list anew."""
    for feed in hub.rooms:
        if feed.connections:
            online = await hub.tracker.online(feed.name)
            feed.tell("online", online=await people(online.ids), count=online.count, stale=stale)


async def welcome(online: Online) -> dict:
    """What `welcome` says about who is here."""
    typing = set(online.typing)
    here = await people(online.ids)
    return {
        "online": here,
        "count": online.count,
        "typing": [person for person in here if person["id"] in typing],
    }
