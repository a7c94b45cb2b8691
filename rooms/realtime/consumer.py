"""The websocket consumer: one RoomConsumer for each connection to a room. It parses commands, calls services and
answers; rules and writes are elsewhere.

It does not use Channels' dispatch, which gives each socket a mailbox and a task, checks database connections on the
one shared thread for every event, and does not clean up when a handler raises. Here `__call__` is one loop with a
`finally`.
"""

import asyncio
import logging
import uuid
from functools import partial

from channels.consumer import AsyncConsumer
from django.utils import translation

from accounts.scopes import Scope
from accounts.security.client_addresses import scope_address_block

from ..kernel.close_reasons import close_frame
from ..kernel.db_executor import DATABASE_AWAY, run_command
from ..kernel.errors import ChatError, internal_error, unavailable
from ..kernel.protocol import LANGUAGE, SUBPROTOCOL, BadCommand, Command, parse, person
from ..kernel.rate_limits import counted_command
from ..publishing import events
from ..services import token_scopes
from ..services.command_handlers import HANDLERS
from ..services.posting import Post, Posted
from . import handshake
from .command_limits import CommandLimits
from .connection import Connection
from .hub import hub
from .outbound import Receive, Send, writer_for
from .websocket.frame_limits import Excess

logger = logging.getLogger(__name__)

MAX_UNANSWERED = 64  # posts of one socket that may wait for their commit


class RoomConsumer(AsyncConsumer):
    """chat_<room_name>, seen by one person. See docs/protocol.md."""

    connection: Connection  # from `_admit` on

    async def __call__(self, scope: dict, receive: Receive, send: Send) -> None:
        self.scope, self._receive, self._send = scope, receive, send
        self._opened: Connection | None = None
        self._limits = CommandLimits()
        self._unanswered: set[asyncio.Future] = set()
        self._hub = hub()
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

    # --- opening ---

    async def _open(self) -> bool:
        try:
            return await self._admit(await handshake.authorize(self.scope, self._hub, self))
        except handshake.Refused as refusal:
            await self._refuse(refusal.reason, refusal.retry_after)
            return False

    async def _admit(self, visitor: handshake.AuthorizedClient) -> bool:
        plain = SUBPROTOCOL not in self.scope.get("subprotocols", ())
        self._opened = self.connection = connection = Connection(
            visitor.user,
            visitor.room,
            writer_for(self.scope, self._send),
            id=visitor.connection_id,
            plain=plain,
            access=visitor.access,
        )
        self._channel = await self._hub.add(connection)
        # Revocations are received only from now on, and there may have been one since the authorisation.
        await self._hub.recheck.load((connection.access, connection.user, connection.room))
        first = await handshake.read_initial_state(self._hub, connection, self._channel, visitor.since)
        online = await self._hub.tracker.arrive(connection.room.name, connection.user.id, connection.id)
        await self._send({"type": "websocket.accept", "subprotocol": None if plain else SUBPROTOCOL})
        connection.outbound.watch(self._exceeded)
        if connection.accept():
            await handshake.send_welcome(self._hub, connection, self._channel, first, online)
        return True

    async def _refuse(self, reason: str, retry_after: float | None = None) -> None:
        """Accept, then close: a page is not told why a handshake was refused."""
        if self._opened and self._opened.accepted:
            self._opened.close(reason)
            return
        wanted = SUBPROTOCOL if SUBPROTOCOL in self.scope.get("subprotocols", ()) else None
        await self._send({"type": "websocket.accept", "subprotocol": wanted})
        code, text = close_frame(reason, retry_after)
        await self._send({"type": "websocket.close", "code": code, "reason": text})

    # --- while it is open ---

    async def _receive_commands(self) -> None:
        while (message := await self._receive())["type"] != "websocket.disconnect":
            id = None
            try:
                command = parse(message.get("text"), self.connection.plain)
                id = command.id
                await self._execute(command)
            except ChatError as error:
                self._answer_error(error, id)
            except DATABASE_AWAY:
                self.connection.send_error(unavailable(), id)
            except Exception:  # noqa: BLE001 - internal_error logs it
                self.connection.send_error(internal_error(logger, "a command failed"), id)

    async def _execute(self, command: Command) -> None:
        self._hub.tracker.note_activity(self.connection.user.id)
        if not token_scopes.may_use_command(self.connection.user, command.type):
            self._limits.check(command.type)  # limits refusals as well
            raise token_scopes.InsufficientScope(Scope.WRITE)
        if command.type == "send":
            await self._post(command)
            return
        self._limits.check(command.type)
        if self._unanswered:  # a command after a post may refer to it
            await asyncio.wait(self._unanswered)
        if command.type == "typing":
            await self._typing()
        elif command.type == "resume":
            await self._resume(command)
        else:
            self.connection.send("ack", id=command.id, **await self._call_handler(command))

    async def _call_handler(self, command: Command) -> dict:
        act, user, room = HANDLERS[command.type], self.connection.user, self.connection.room
        if command.type in ("read", "unread"):  # they neither lock the room nor concern others
            return await run_command(None, act, user, room, **command.fields)
        async with counted_command(user.id):
            return await run_command(room.id, act, user, room, **command.fields)

    async def _post(self, command: Command) -> None:
        """Hand a post to the writer, which keeps the order. Meanwhile the next frame may be read."""
        if len(self._unanswered) >= MAX_UNANSWERED:
            await asyncio.wait(self._unanswered, return_when=asyncio.FIRST_COMPLETED)
        fields = command.fields
        post = Post(
            self.connection.user,
            self.connection.room.id,
            fields["message"],
            uuid.UUID(command.id),
            fields.get("reply_to"),
        )
        answer = self._hub.post_writer.post(post)
        self._unanswered.add(answer)
        answer.add_done_callback(partial(self._posted, command.id))

    def _posted(self, id: str | None, answer: asyncio.Future) -> None:
        self._unanswered.discard(answer)
        if answer.cancelled():
            return
        outcome = answer.result()
        if isinstance(outcome, Posted):
            self.connection.send("ack", id=id, message_id=outcome.message_id, seq=outcome.seq)
        else:
            self._answer_error(outcome, id)

    async def _typing(self) -> None:
        connection = self.connection
        if await self._hub.tracker.typing(connection.room.name, connection.user.id):
            events.to_room(connection.room.name, "typing", user=person(connection.user))

    async def _resume(self, command: Command) -> None:
        connection, channel = self.connection, self._channel
        channel.join(connection)
        try:
            first = await handshake.read_initial_state(
                self._hub, connection, channel, command.fields["since"], replies=True
            )
        except BaseException:
            channel.release(connection, connection.seq)
            raise
        connection.send("ack", id=command.id)
        await handshake.send_catch_up(connection, channel, first, channel.streaming_replies_for(connection))

    def _answer_error(self, error: ChatError, id: str | None) -> None:
        mistake = error if isinstance(error, BadCommand) else None
        self.connection.send_error(error, mistake.id if mistake else id)
        if mistake and self._limits.too_many_mistakes():
            self._close_offender("too_many_mistakes")
        elif error.code == "rate_limited" and self._limits.too_many_refusals():
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
            self._hub.tracker.depart(connection.room.name, connection.user.id, connection.id)
            connection.outbound.stop()
