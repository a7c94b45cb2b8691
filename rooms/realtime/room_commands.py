"""The commands that a socket gives in a room."""

import asyncio
import uuid
from functools import partial
from typing import Protocol

from accounts.scopes import Scope
from presence.tracker import PresenceTracker

from ..kernel.commands import Command
from ..kernel.db_executor import run_command
from ..kernel.errors import ChatError
from ..kernel.protocol import person
from ..kernel.rate_limits import check_posts, counted_command
from ..publishing import events
from ..services import token_scopes
from ..services.command_handlers import HANDLERS
from ..services.posting import Post, Posted
from . import handshake
from .command_limits import CommandLimits
from .connection import ClientSocket, Place
from .post_writer import PostWriter
from .room_channel import RoomChannel

MAX_UNANSWERED = 64  # posts of one socket that may wait for their commit
POSTING = {"pin"}  # commands that post a notice: each counts as a message, too


class Answerer(Protocol):
    """Who gave a command is told how it went."""

    def acknowledge(self, id: str | None, /, **fields: object) -> None:
        """Send the `ack` of a command with these fields."""

    def answer_error(self, error: ChatError, id: str | None, /) -> None:
        """Send the `error` of a command."""


class CommandHub(Protocol):
    """What commands need of the hub."""

    post_writer: PostWriter
    tracker: PresenceTracker


class RoomCommands:
    """Those of one socket."""

    def __init__(self, hub: CommandHub, answerer: Answerer) -> None:
        self.limits = CommandLimits()
        self._hub, self._answerer = hub, answerer
        self._unanswered: set[asyncio.Future] = set()

    def check(self, socket: ClientSocket, type: str) -> None:
        """May this command be given now? Raises ChatError."""
        self._hub.tracker.note_activity(socket.user.id)
        if not token_scopes.may_use_command(socket.user, type):
            self.limits.check(type)  # limits refusals as well
            raise token_scopes.InsufficientScope(Scope.WRITE)
        if type != "send":
            self.limits.check(type)

    async def execute(self, command: Command, place: Place, channel: RoomChannel) -> None:
        """Carry out one command in its room.

        A post is only handed over here and answered later; what follows it waits for that.
        """
        if command.type == "send":
            await self._post(command, place)
            return
        if self._unanswered:  # a command after a post may refer to it
            await asyncio.wait(self._unanswered)
        if command.type == "typing":
            await self._typing(place)
        elif command.type == "resume":
            await self._resume(command, place, channel)
        else:
            self._answerer.acknowledge(command.id, **await _call_handler(command, place))

    async def _post(self, command: Command, place: Place) -> None:
        """Hand a post to the writer, which keeps the order. Meanwhile the next frame may be read."""
        if len(self._unanswered) >= MAX_UNANSWERED:
            await asyncio.wait(self._unanswered, return_when=asyncio.FIRST_COMPLETED)
        fields = command.fields
        text, files = fields["message"], fields.get("files", ())
        post = Post(place.user, place.room.id, text, uuid.UUID(command.id), fields.get("reply_to"), files=files)
        answer = self._hub.post_writer.post(post)
        self._unanswered.add(answer)
        answer.add_done_callback(partial(self._posted, command.id))

    def _posted(self, id: str | None, answer: asyncio.Future) -> None:
        self._unanswered.discard(answer)
        if answer.cancelled():
            return
        outcome = answer.result()
        if isinstance(outcome, Posted):
            self._answerer.acknowledge(id, message_id=outcome.message_id, seq=outcome.seq)
        else:
            self._answerer.answer_error(outcome, id)

    async def _typing(self, place: Place) -> None:
        if await self._hub.tracker.typing(place.room.name, place.user.id):
            events.to_room(place.room.name, "typing", user=person(place.user))

    async def _resume(self, command: Command, place: Place, channel: RoomChannel) -> None:
        if place.closed:  # while posts were waited for: it has left the channel
            return
        channel.join(place)
        try:
            first = await handshake.read_initial_state(self._hub, place, channel, command.fields["since"], replies=True)
        except BaseException:
            channel.release(place, place.seq)
            raise
        self._answerer.acknowledge(command.id)
        await handshake.send_catch_up(place, channel, first, channel.streaming_replies_for(place))


async def _call_handler(command: Command, place: Place) -> dict:
    act, user, room = HANDLERS[command.type], place.user, place.room
    if command.type in ("read", "unread"):  # they neither lock the room nor concern others
        return await run_command(None, act, user, room, **command.fields)
    if command.type in POSTING and (error := (await check_posts([user.id]))[0]):
        raise error
    async with counted_command(user.id):
        return await run_command(room.id, act, user, room, **command.fields)
