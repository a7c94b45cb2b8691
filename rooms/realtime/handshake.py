"""Opening a socket: authenticate → authorise → subscribe → read the head → accept → welcome → catch-up."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Protocol
from urllib.parse import parse_qs

from django.conf import settings

from accounts.models import User
from accounts.security.client_addresses import scope_address_block
from presence.tracker import PresenceTracker
from presence.types import OnlineList

from ..kernel.batcher import DataLoader
from ..kernel.db_executor import run_db
from ..kernel.protocol import CATCH_UP_LIMIT, MAX_FRAME, MAX_TEXT, encode, event, person, whole_number
from ..kernel.uploads import max_file_size
from ..kernel.wire import MAX_FILES
from ..models import Message, MessageState, Room
from ..queries import history
from ..queries.serializers import message_event
from ..services.membership import get_visible_room
from . import presence_events
from .authentication import Credentials, Refused, access_from_headers
from .connection import Access, Place
from .connection_limits import ConnectionLimiter
from .outbound import Frame
from .plain_mode import plain_text
from .room_channel import RoomChannel
from .streaming_replies import ReplySoFar
from .user_cache import remember

MAX_CATCH_UP_UNDER_LOAD = 100  # changes
RETRY_AFTER_FULL = 15  # seconds until the place of a socket that was closed may be free
MAX_EVENTS_PER_FRAME = 100  # of a catch-up
MAX_CHARACTERS_PER_FRAME = 64 * 1024  # of a catch-up, about


@dataclass(frozen=True, slots=True)
class AuthorizedClient:
    user: User
    access: Access
    connection_id: str


@dataclass(frozen=True, slots=True)
class InitialState:
    """What a socket is sent first."""

    seq: int  # the head; what comes after follows live
    missed: list[Message] | None = None  # None: the client did not ask for a catch-up
    reset: bool = False  # there were too many changes


class AdmittingHub(Protocol):
    """What the handshake needs of the hub before the socket is accepted."""

    open_sockets: set[object]
    connection_limiter: ConnectionLimiter
    authenticator: DataLoader[Credentials, tuple[User, Room]]
    identifier: DataLoader[Access, User]
    tracker: PresenceTracker


class _TrackingHub(Protocol):
    tracker: PresenceTracker


async def authorize(scope: dict, hub: AdmittingHub, socket: object) -> tuple[AuthorizedClient, Room]:
    """The user and the room that they may enter. Raises Refused. Takes a place in `open_sockets` first."""
    access = _check_opening(scope, hub, socket)
    user, room = await hub.authenticator.load(Credentials(access, scope["url_route"]["kwargs"]["room_name"]))
    return await _admit(hub, user, access), room


async def identify(scope: dict, hub: AdmittingHub, socket: object) -> AuthorizedClient:
    """The same for a page's socket, which is in no room yet."""
    access = _check_opening(scope, hub, socket)
    return await _admit(hub, await hub.identifier.load(access), access)


def _check_opening(scope: dict, hub: AdmittingHub, socket: object) -> Access:
    if len(hub.open_sockets) >= settings.MAX_CONNECTIONS:
        wait = hub.tracker.overload.retry_delay()
        raise Refused("server_full", wait)
    hub.open_sockets.add(socket)
    if wait := hub.connection_limiter.check_address(scope_address_block(scope)):
        raise Refused("too_many_connections_from_address", wait)
    access = access_from_headers(dict(scope["headers"]))
    _check_account(hub, access)
    return access


async def _admit(hub: AdmittingHub, user: User, access: Access) -> AuthorizedClient:
    _check_account(hub, user.id)
    if wait := hub.connection_limiter.check_offences(user.id):
        raise Refused("account_sent_too_much", wait)
    remember(user)
    connection_id = uuid.uuid4().hex
    if not await hub.tracker.admit(user.id, connection_id, settings.MAX_SOCKETS_PER_USER):
        raise Refused("too_many_connections_of_account", RETRY_AFTER_FULL)
    return AuthorizedClient(user, access, connection_id)


def _check_account(hub: AdmittingHub, key: object) -> None:
    if wait := hub.connection_limiter.check_account(key):
        raise Refused("account_connects_too_often", wait)


async def read_initial_state(
    hub: _TrackingHub, connection: Place, channel: RoomChannel, since: int | None, replies: bool = False
) -> InitialState:
    """The room's head and what changed after `since`; with `replies`, also the bot replies being written.

    Under heavy load, a client that missed much is reset to the newest page instead.

    Live events for the connection are held back meanwhile. Without `since` this costs no query: a running channel has
    delivered everything up to `delivered`, and the room's row was read after the channel had subscribed, or before it
    read the head itself.
    """
    if since is None:
        return InitialState(max(channel.delivered, connection.room.seq))
    limit = MAX_CATCH_UP_UNDER_LOAD if hub.tracker.overload.severe() else CATCH_UP_LIMIT
    return await run_db(
        _read_changes, connection.user.id, connection.room, since, channel.streaming_ids if replies else [], limit
    )


async def send_welcome(
    hub: presence_events.PresenceHub,
    connection: Place,
    channel: RoomChannel,
    first: InitialState,
    online: OnlineList,
) -> None:
    """Send `welcome`, current notices and the catch-up; then go live."""
    here = await presence_events.welcome_fields(hub, channel, online)
    places = await hub.bots.places(connection.room.id) if channel.has_queued_replies else ()
    replies = channel.streaming_replies_for(connection)
    if connection.plain:
        connection.send("system", message=f"Connected as {connection.user.username}.")
    else:
        connection.send(
            "welcome",
            room=connection.room.name,
            you=person(connection.user),
            seq=first.seq,
            limits={"message": MAX_TEXT, "frame": MAX_FRAME, "file": max_file_size(), "files": MAX_FILES},
            streaming=[{"id": id, "text": reply.text} for id, reply in replies.items()],
            **here,
        )
    for id, place in places:
        connection.send("queue", id=id, position=place)
    if online.stale:
        connection.send("online", stale=True)
    for notice in online.notices:
        connection.send("broadcast", **presence_events.broadcast_fields(notice))
    await send_catch_up(connection, channel, first, replies)


async def send_catch_up(
    connection: Place, channel: RoomChannel, first: InitialState, replies: dict[int, ReplySoFar]
) -> None:
    """Send the messages that changed, in order, then `resumed`, or `reset` when there are too many; then what is
    rendered of replies that are being written. Then go live.

    replies: from `channel.streaming_replies_for`. A long catch-up is sent at the pace at which the client reads it;
    live events are held back meanwhile.
    """
    if first.reset:
        connection.send("reset", seq=first.seq)
    for frame in chain(_frames(connection, first, replies), _rendered_frames(connection, replies)):
        connection.write(frame)
        if not await connection.outbound.wait_writable():
            connection.close_slow()
            return
    channel.release(connection, first.seq)


def _rendered_frames(connection: Place, replies: dict[int, ReplySoFar]) -> Iterator[Frame]:
    parts = [part.event for reply in replies.values() for part in reply.rendered] if not connection.plain else []
    for portion in _portions(parts):
        yield connection.frame_of(portion)


def _portions(encoded: Iterable[str]) -> Iterator[list[str]]:
    """Events as JSON, as many together as one frame is to have."""
    portion, size = [], 0
    for text in encoded:
        portion.append(text)
        size += len(text)
        if len(portion) == MAX_EVENTS_PER_FRAME or size > MAX_CHARACTERS_PER_FRAME:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _frames(connection: Place, first: InitialState, replies: dict[int, ReplySoFar]) -> Iterator[Frame]:
    if first.missed is None:
        return
    if connection.plain:
        for message in first.missed:
            if message.finished and (message.text or message.files):
                yield Frame(plain_text(encode(message_event(message))))
        return
    resumed = encode(event("resumed", seq=first.seq))
    for portion in _portions(chain((_encoded(message, replies) for message in first.missed), [resumed])):
        yield connection.frame_of(portion)


def _encoded(message: Message, replies: dict[int, ReplySoFar]) -> str:
    if message.state == MessageState.STREAMING and message.id in replies:
        message.text = replies[message.id].text
    return encode(message_event(message))


def since_of(scope: dict) -> int | None:
    """The `since` of the socket's address: the last `seq` that the client has.

    None when it has none, or sent nonsense.
    """
    values = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("since", [])
    return whole_number(values[0]) if values else None


def _read_changes(user_id: int, room: Room, since: int, replies: list[int], limit: int) -> InitialState:
    get_visible_room(user_id, room.name)  # the right to read may have ended unnoticed
    found = history.changed_since(room.id, since, limit)
    if found is None:
        return InitialState(history.head(room.id), reset=True)
    messages, seq = found
    known = {message.id for message in messages}
    # This process may have missed the end of a reply, so its state is checked.
    writing = (
        Message.objects.for_wire().filter(pk__in=set(replies) - known, state=MessageState.STREAMING) if replies else ()
    )
    return InitialState(seq, [*messages, *writing])
