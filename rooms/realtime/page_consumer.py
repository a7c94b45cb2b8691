"""The consumer of a page: one connection, which subscribes to rooms. See docs/protocol.md."""

from ..kernel.commands import Command, parse_for_page
from ..kernel.errors import ChatError, not_found
from ..kernel.protocol import MAX_FRAME, MAX_TEXT, person
from ..kernel.uploads import max_file_size
from ..kernel.wire import MAX_FILES
from . import handshake
from .authentication import Credentials
from .connection import ClientSocket
from .outbound import writer_for
from .page_connection import MAX_ROOMS, OF_THE_ROOM, PageConnection, Subscription
from .room_channel import RoomChannel
from .socket_consumer import SocketConsumer


class PageConsumer(SocketConsumer):
    """A person's page, in whatever rooms it shows."""

    connection: PageConnection

    async def _admit(self) -> None:
        visitor = await handshake.identify(self.scope, self._hub, self)
        outbound = writer_for(self.scope, self._send)
        page = PageConnection(visitor.user, outbound, id=visitor.connection_id, access=visitor.access)
        self._channels: dict[Subscription, RoomChannel] = {}
        self._begin(page)
        await self._hub.add(page)
        # As in a room: first listen, then look whether the right to it has ended, and what is new.
        await self._hub.recheck.load((page.access, page.user, None))
        state = await self._hub.account_states.load(page.user.id)
        if await self._accept():
            limits = {
                "message": MAX_TEXT,
                "frame": MAX_FRAME,
                "rooms": MAX_ROOMS,
                "file": max_file_size(),
                "files": MAX_FILES,
            }
            page.send("connected", you=person(page.user), limits=limits, **state)

    def _parse(self, frame: str | bytes | None) -> Command:
        return parse_for_page(frame)

    async def _execute(self, command: Command) -> None:
        is_leaving = command.type == "unsubscribe" and command.fields["room"] in self.connection.subscriptions
        if not is_leaving:  # that is always possible; entering is limited
            self._commands.check(self.connection, command.type)
        match command.type:
            case "ping":
                self.acknowledge(command.id)
            case "subscribe":
                await self._subscribe(command)
            case "unsubscribe":
                self._subscription(command.fields["room"]).end()
                self._hub.look_for_unread(self.connection.user.id)
                self.acknowledge(command.id)
            case _:
                place = self._subscription(command.fields.pop("room"))
                await self._commands.execute(command, place, self._channels[place])

    def _subscription(self, room: str) -> Subscription:
        if room not in self.connection.subscriptions:
            raise ChatError("not_subscribed")
        return self.connection.subscriptions[room]

    # --- entering a room, and leaving it ---

    async def _subscribe(self, command: Command) -> None:
        name, since = command.fields["room"], command.fields.get("since")
        if name in self.connection.subscriptions:
            raise ChatError("already_subscribed")
        if len(self.connection.subscriptions) >= MAX_ROOMS:
            raise ChatError("too_many_subscriptions", limit=MAX_ROOMS)
        try:
            _user, room = await self._hub.authenticator.load(Credentials(self.connection.access, name))
            await self._enter(Subscription(self.connection, room, self._release), since)
        except handshake.Refused as refusal:
            if refusal.reason in OF_THE_ROOM:
                raise not_found() from None
            self.connection.close("session_ended")
            return
        self.acknowledge(command.id)

    async def _enter(self, place: Subscription, since: int | None) -> None:
        """As a socket in one room is opened."""
        page, hub, room = self.connection, self._hub, place.room
        page.subscriptions[room.name] = place
        try:
            channel = self._channels[place] = await hub.enter(place)
            await hub.recheck.load((page.access, page.user, room))
            first = await handshake.read_initial_state(hub, place, channel, since)
            online = await hub.tracker.arrive(room.name, page.user.id, page.id)
            await handshake.send_welcome(hub, place, channel, first, online)
        except BaseException:
            place.end()
            raise
        finally:
            if place.closed:  # perhaps before it had come everywhere
                self._release(place)
        if place.closed:
            raise not_found()

    def _release(self, place: Subscription) -> None:
        """Take it out of its room. Awaits nothing."""
        page, name = self.connection, place.room.name
        if page.subscriptions.get(name) is place:
            del page.subscriptions[name]
        self._channels.pop(place, None)
        self._hub.leave(place)
        self._hub.tracker.leave(name, page.user.id, page.id)

    def _depart(self, connection: ClientSocket) -> None:
        for place in connection.places:
            self._hub.tracker.leave(place.room.name, connection.user.id, connection.id)
        self._hub.tracker.release(connection.user.id, connection.id)
