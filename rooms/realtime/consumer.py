"""The websocket consumer: one RoomConsumer for each connection to a room. It parses commands, calls services and
answers; rules and writes are elsewhere."""

from ..kernel.commands import Command, parse
from . import handshake
from .connection import ClientSocket, Connection
from .outbound import writer_for
from .socket_consumer import SocketConsumer


class RoomConsumer(SocketConsumer):
    """chat_<room_name>, seen by one person. See docs/protocol.md."""

    connection: Connection

    async def _admit(self) -> None:
        visitor, room = await handshake.authorize(self.scope, self._hub, self)
        connection = Connection(
            visitor.user,
            room,
            writer_for(self.scope, self._send),
            id=visitor.connection_id,
            plain=not self._offers_protocol,
            access=visitor.access,
        )
        self._begin(connection)
        await self._hub.add(connection)
        self._channel = await self._hub.enter(connection)
        # Revocations are received only from now on, and there may have been one since the authorisation.
        await self._hub.recheck.load((connection.access, connection.user, connection.room))
        since = handshake.since_of(self.scope)
        first = await handshake.read_initial_state(self._hub, connection, self._channel, since)
        online = await self._hub.tracker.arrive(room.name, connection.user.id, connection.id)
        if await self._accept():
            await handshake.send_welcome(self._hub, connection, self._channel, first, online)

    def _parse(self, frame: str | bytes | None) -> Command:
        return parse(frame, self.connection.plain)

    async def _execute(self, command: Command) -> None:
        self._commands.check(self.connection, command.type)
        await self._commands.execute(command, self.connection, self._channel)

    def _depart(self, connection: ClientSocket) -> None:
        for place in connection.places:
            self._hub.tracker.depart(place.room.name, connection.user.id, connection.id)
