"""What the consumers share: the life of a socket from its opening to its end, and answers to what comes in.

It does not use Channels' dispatch, which gives each socket a mailbox and a task, checks database connections on the
one shared thread for every event, and does not clean up when a handler raises. Here `__call__` is one loop with a
`finally`.
"""

import logging

from channels.consumer import AsyncConsumer
from django.utils import translation

from accounts.security.client_addresses import scope_address_block

from ..kernel.close_reasons import close_frame
from ..kernel.commands import BadCommand, Command
from ..kernel.db_executor import DATABASE_AWAY
from ..kernel.errors import ChatError, internal_error, unavailable
from ..kernel.protocol import LANGUAGE, SUBPROTOCOL
from . import handshake
from .connection import ClientSocket
from .hub import hub
from .outbound import Receive, Send
from .room_commands import RoomCommands
from .websocket.frame_limits import Excess

logger = logging.getLogger(__name__)


class SocketConsumer(AsyncConsumer):
    """One connection. Subclasses open it and carry out its commands."""

    connection: ClientSocket  # from `_begin` on

    async def __call__(self, scope: dict, receive: Receive, send: Send) -> None:
        self.scope, self._receive, self._send = scope, receive, send
        self._opened: ClientSocket | None = None
        self._hub = hub()
        self._commands = RoomCommands(self._hub, self)
        translation.activate(LANGUAGE)  # for this connection's task alone
        try:
            await receive()  # websocket.connect
            if await self._open():
                await self._receive_commands()
        except DATABASE_AWAY:
            await self._refuse("database_away")
        except OSError:
            # ASGI servers raise it when the client is gone.
            logger.info("a client left while it was let in")
        except Exception:
            # Closed with a code: a socket that just breaks looks like a network failure.
            logger.exception("a socket could not be opened")
            await self._refuse("internal_error")
        finally:
            self._clean_up()

    # --- for subclasses ---

    async def _admit(self) -> None:
        """Open the socket. Raises Refused."""
        raise NotImplementedError

    def _parse(self, frame: str | bytes | None) -> Command:
        raise NotImplementedError

    async def _execute(self, command: Command) -> None:
        raise NotImplementedError

    def _depart(self, connection: ClientSocket) -> None:
        """Tell presence that it is gone. Awaits nothing."""
        raise NotImplementedError

    # --- opening ---

    @property
    def _offers_protocol(self) -> bool:
        return SUBPROTOCOL in self.scope.get("subprotocols", ())

    async def _open(self) -> bool:
        try:
            await self._admit()
        except handshake.Refused as refusal:
            await self._refuse(refusal.reason, refusal.retry_after)
            return False
        return True

    def _begin(self, connection: ClientSocket) -> None:
        """From now on it is cleaned up."""
        self._opened = self.connection = connection

    async def _accept(self) -> bool:
        """Returns whether it is still to be open."""
        await self._send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if self._offers_protocol else None})
        self.connection.outbound.watch(self._exceeded)
        return self.connection.accept()

    async def _refuse(self, reason: str, retry_after: float | None = None) -> None:
        """Accept, then close: a page is not told why a handshake was refused."""
        if self._opened and self._opened.accepted:
            self._opened.close(reason)
            return
        await self._send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if self._offers_protocol else None})
        code, text = close_frame(reason, retry_after)
        await self._send({"type": "websocket.close", "code": code, "reason": text})

    # --- while it is open ---

    async def _receive_commands(self) -> None:
        while (message := await self._receive())["type"] != "websocket.disconnect":
            id = None
            try:
                command = self._parse(message.get("text"))
                id = command.id
                await self._execute(command)
            except ChatError as error:
                self.answer_error(error, id)
            except DATABASE_AWAY:
                self.connection.send_error(unavailable(), id)
            except Exception:  # noqa: BLE001 - internal_error logs it
                self.connection.send_error(internal_error(logger, "a command failed"), id)

    def acknowledge(self, id: str | None, /, **fields: object) -> None:
        self.connection.send("ack", id=id, **fields)

    def answer_error(self, error: ChatError, id: str | None, /) -> None:
        """Send the error. A socket that makes too many mistakes, or goes on although it is refused, is closed."""
        mistake = error if isinstance(error, BadCommand) else None
        self.connection.send_error(error, mistake.id if mistake else id)
        if mistake and self._commands.limits.too_many_mistakes():
            self._close_offender("too_many_mistakes")
        elif error.code == "rate_limited" and self._commands.limits.too_many_refusals():
            self._close_offender("too_many_refusals")

    def _exceeded(self, excess: Excess, last: bool) -> None:
        """The peer exceeds a limit of the websocket protocol (rooms/realtime/websocket/inbound.py)."""
        if not last or excess.wait is None:
            self.connection.send_error(ChatError(excess.reason, excess.wait))
        if last:
            self._close_offender(excess.reason)

    def _close_offender(self, reason: str) -> None:
        connection = self.connection
        if connection.closed:
            return
        connection.close(reason)
        block = scope_address_block(self.scope)
        if self._hub.connection_limiter.count_offence(reason, connection.user.id, block):
            logger.warning("user %s at %s is refused for a while: %s", connection.user.id, block, reason)

    # --- afterwards ---

    def _clean_up(self) -> None:
        """Release everything, however the connection ended. Nothing is awaited, so nothing can interrupt it."""
        self._hub.open_sockets.discard(self)
        if connection := self._opened:
            connection.closed = True
            self._hub.remove(connection)
            self._depart(connection)
            connection.outbound.stop()
