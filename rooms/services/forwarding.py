"""Forwards a message to another room: quoted, and with its files, whose contents are not copied.

Whoever forwards must be able to read one room and to write in the other. The files are new rows for the same contents.
They belong to the new message, count towards the forwarder's and the target room's space, and stay when the original is
deleted.
"""

import re
import uuid

from django.db import transaction

from accounts.models import User
from files.models import Blob

from ..kernel.errors import ChatError
from ..kernel.protocol import check_text
from ..kernel.wire import MAX_TEXT
from ..models import Attachment, Membership, Message, MessageKind, Room, RoomKind
from . import attachments, file_quotas, messages, token_rooms
from .membership import get_visible_room
from .posting import Posted

_SIGNS = re.compile(r"([\\`*_\[\]<>#~$|@＠])")


def get_forwardable(user: User, room_name: str, message_id: int) -> Message:
    """A message of this room that can be forwarded.

    Raises ChatError: message_deleted, no_such_message, not_forwardable, no_such_room.
    """
    room = get_visible_room(user.id, room_name)
    message = Message.objects.for_wire().filter(room=room, pk=message_id).first()
    if message is None:
        raise ChatError("no_such_message")
    if message.deleted:
        raise ChatError("message_deleted")
    if message.kind == MessageKind.NOTICE or not message.finished:
        raise ChatError("not_forwardable")
    return message


def forward(
    user: User, room_name: str, message_id: int, to: str, words: str = "", client_id: uuid.UUID | None = None
) -> Posted:
    """to: the name of the target room. words: a comment above the quote.

    Raises ChatError: message_deleted, message_empty, message_too_long, no_such_message, no_such_room, not_forwardable.
    """
    message = get_forwardable(user, room_name, message_id)
    token_rooms.check_room(user, to)
    target = get_visible_room(user.id, to)
    text = quoted(message, target, check_text(words, may_be_empty=True))
    keys = _share_files(user, message, target)
    try:
        return messages.post(user, target.name, text, client_id, files=keys)
    finally:  # it was refused, or was posted before
        with transaction.atomic():
            attachments.discard(Attachment.objects.filter(key__in=keys, message=None))


def quoted(message: Message, target: Room, words: str) -> str:
    """The quote as Markdown. An @name in a quote notifies nobody."""
    source = message.room
    origin = f"**{_SIGNS.sub(_escaped, message.sender.shown_name)}**"
    if may_all_read(source, target):
        origin += f" · [#{_SIGNS.sub(_escaped, source.title)}](/chat/{source.name}/?around={message.id}#m{message.id})"
    head = f"{words}\n\n> {origin}" if words else f"> {origin}"
    lines = message.text.split("\n") if message.text else []
    whole = "\n".join([head, *([">"] if lines else []), *(f"> {line}" for line in lines)])
    return whole if len(whole) <= MAX_TEXT else whole[: MAX_TEXT - 1] + "…"


def may_all_read(source: Room, target: Room) -> bool:
    """Whether the readers of one room may know of the other, and so get a link to it."""
    if source.pk == target.pk:
        return True
    if source.kind == RoomKind.PUBLIC:
        return True
    if source.is_direct or target.kind == RoomKind.PUBLIC:
        return False
    readers = Membership.objects.filter(room=source, banned=False).values("user")
    return not Membership.objects.filter(room=target, banned=False).exclude(user__in=readers).exists()


def _share_files(user: User, message: Message, target: Room) -> list[str]:
    """Make new rows for the contents of its files, to be sent in that room. Returns their keys."""
    found = list(Attachment.objects.filter(message=message).order_by("position"))
    if not found:
        return []
    file_quotas.check(user.id, target.id, sum(each.size for each in found))
    with transaction.atomic():
        # Locked, so that none of them is deleted meanwhile.
        blobs = {blob.pk: blob for blob in Blob.objects.select_for_update().filter(pk__in=[f.blob_id for f in found])}
        file_quotas.take(user.id, target.id, sum(each.size for each in found))
        rows = [
            Attachment.objects.create(
                room=target, uploader=user, blob=blobs[each.blob_id], name=each.name, alt=each.alt
            )
            for each in found
            if each.blob_id in blobs
        ]
    return [row.key for row in rows]


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[1]}"
