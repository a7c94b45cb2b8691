"""What leaves the database for people's screens. The only sender to room groups.

Durable events go out after the commit that made them, never before and never without it. Nothing here waits
for Redis: everything is handed to this process's publisher.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from msgspec import UNSET

from accounts.models import User

from ..kernel.protocol import PLAIN_EVENTS, encode, event, profile
from ..kernel.slugs import EVERYONE, group_name, user_group
from ..models import Message, MessageKind, MessageState, Reaction
from ..queries.serializers import message_event
from . import publisher
from .payloads import (
    Payload,
    PersonChanged,
    RoomEvent,
    RoomListChanged,
    RoomReadersChanged,
    RoomRemoved,
    SessionEnded,
)


def message(changed: Message, reactions: list[Reaction] | None = None, fresh: bool = False) -> None:
    """Tell the room the current state of a message, once it is committed.

    fresh: it can be read for the first time now, so plain mode shows it.
    """
    payload = RoomEvent(
        text=encode(message_event(changed, reactions)),
        plain=fresh and changed.state == MessageState.COMPLETE,
        seq=changed.seq,
        bot=True if changed.kind == MessageKind.BOT else UNSET,
    )
    _after_commit(group_name(changed.room.name), payload)


def delta(room_name: str, message_id: int, at: int, text: str) -> None:
    """A piece of a bot's reply, now: `text` goes in at code point `at`."""
    fields = {"id": message_id, "at": at, "text": text}
    _now(group_name(room_name), _ephemeral("delta", fields, delta=(message_id, at, text)))


def rendered(room_name: str, message_id: int, start: int, end: int, html: str) -> None:
    """The finished blocks of a bot's reply between two code points, as safe HTML, now."""
    fields = {"id": message_id, "start": start, "end": end, "html": html}
    _now(group_name(room_name), _ephemeral("rendered", fields, rendered=(message_id, start, end)))


def to_room(room_name: str, type: str, **fields: Any) -> None:
    """An ephemeral event to everyone in a room, now."""
    _now(group_name(room_name), _ephemeral(type, fields))


def presence(room_name: str, type: str, person: dict, online: int, count: int) -> None:
    """`joined` or `left` to everyone in a room, now. count: how many people were there after this one change."""
    step = 1 if type == "joined" else -1
    fields = {"user": person, "online": online}
    _now(group_name(room_name), _ephemeral(type, fields, people=(count, step)))


def start_afresh(room_name: str, seq: int) -> None:
    """After commit: pages load the room's timeline anew. For what changes in many messages without new numbers."""
    transaction.on_commit(partial(to_room, room_name, "reset", seq=seq))


def to_user(user_id: int, type: str, **fields: Any) -> None:
    """An ephemeral event to every socket of one person, now."""
    _now(user_group(user_id), _ephemeral(type, fields))


def to_everyone(type: str, **fields: Any) -> None:
    """An ephemeral event to every socket of the server, sent now and not on commit."""
    _now(EVERYONE, _ephemeral(type, fields))


def room_list_changed(*user_ids: int) -> None:
    """After commit: these people belong to other rooms than before."""
    for user_id in user_ids:
        _after_commit(user_group(user_id), RoomListChanged())


def person_changed(user: User, room_names: Iterable[str]) -> None:
    """After commit: these rooms, and their own pages, see what this person is called now and says of themselves."""
    shown = PersonChanged(user=user.id, display_name=user.display_name, picture=user.picture, is_staff=user.is_staff)
    _after_commit(EVERYONE, shown)
    changed = _ephemeral("person", {"user": profile(user)})
    for group in (user_group(user.id), *map(group_name, room_names)):
        _after_commit(group, changed)


def rooms_changed(*user_ids: int) -> None:
    """After commit: these people's own sockets ask again which rooms they have, and in which order."""
    for user_id in user_ids:
        _after_commit(user_group(user_id), _ephemeral("rooms", {}))


def rights_changed(user_id: int, room_name: str | None) -> None:
    """After commit: a person's own sockets ask again what they may do in a room; None: in all of them."""
    _after_commit(user_group(user_id), _ephemeral("rights", {"room": room_name}))


def blocks_changed(user_id: int, blocked: list[int]) -> None:
    """After commit: tell a person's own sockets whom they block, and look anew at which rooms are news to them."""
    _after_commit(user_group(user_id), _ephemeral("blocks", {"blocked": blocked}))
    room_list_changed(user_id)


def preferences_changed(user_id: int, preferences: dict[str, Any]) -> None:
    """After commit: tell a person's own sockets how they want their pages to be."""
    _after_commit(user_group(user_id), _ephemeral("preferences", preferences))


def invitations_changed(user_id: int, invitations: list[dict]) -> None:
    """After commit: tell a person's own sockets which invitations wait for their answer."""
    _after_commit(user_group(user_id), _ephemeral("invitations", {"invitations": invitations}))


def removed(room_name: str, user_id: int) -> None:
    """After commit: this person's sockets in the room close, and their other pages list the room no more."""
    _after_commit(user_group(user_id), RoomRemoved(room=room_name))
    rooms_changed(user_id)


def readers_changed(room_name: str, reason: str) -> None:
    """After commit: sockets of those who may not read the room any more close, whatever process they are in."""
    _after_commit(group_name(room_name), RoomReadersChanged(reason=reason))


def signed_out(user_id: int, session_digest: str | None = None) -> None:
    """After commit: close the sockets of one session, or all of this person's."""
    _after_commit(user_group(user_id), SessionEnded(session=session_digest))


def _ephemeral(type: str, fields: dict, **more: Any) -> RoomEvent:
    """An event on its way through the channel layer: encoded once here, not once a process or a socket."""
    return RoomEvent(text=encode(event(type, **fields)), plain=type in PLAIN_EVENTS, **more)


def _now(group: str, payload: Payload) -> None:
    publisher.submit(group, payload.as_dict())


def _after_commit(group: str, payload: Payload) -> None:
    transaction.on_commit(partial(publisher.submit, group, payload.as_dict()))
