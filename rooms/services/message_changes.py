"""Every change of one message: lock the room, take its next number, publish."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from accounts.models import User

from ..kernel.errors import ChatError
from ..kernel.rights import Action
from ..models import Message, Reaction
from ..publishing import events
from .membership import get_visible_room
from .rights import check_open
from .room_locks import lock_room


class Unchanged(Exception):
    """Raised inside `changing` when there is nothing to save and publish."""


@contextmanager
def changing(action: Action, user: User, room_name: str, message_id: int) -> Iterator[Message]:
    """A message of a room that this person may see, with the room locked. On success it gets a number and is published.

    action: says whether the room may be archived. Raises ChatError: no_such_message, no_such_room, room_archived.
    """
    found = get_visible_room(user.id, room_name)
    with changing_in(found.pk, message_id, action) as message:
        yield message


@contextmanager
def changing_in(room_id: int, message_id: int, action: Action | None = None) -> Iterator[Message]:
    """The same; without an action on behalf of the program, in archived rooms, too.

    Raises ChatError: no_such_message, room_archived, no_such_room."""
    with transaction.atomic():
        room = lock_room(room_id)
        if action:
            check_open(action, room)
        message = Message.objects.for_wire().filter(room=room, pk=message_id).first()
        if message is None:
            raise ChatError("no_such_message")
        message.room = room
        try:
            yield message
        except Unchanged:
            return
        message.seq = room.next_seq()
        message.save(update_fields=["seq"])
        room.save(update_fields=["seq"])
        events.message(message, reactions=list(Reaction.objects.filter(message=message)))
