"""Changes of one's own file: its description, and its removal from a message."""

from django.db import transaction

from accounts.models import User
from accounts.plain_text import clean_line

from ..kernel.errors import ChatError
from ..kernel.rights import Action
from ..models import Attachment
from . import attachments, block_lists
from .message_changes import changing
from .post_rights import check_may_write
from .tombstones import make_tombstones
from .uploads import MAX_ALT, get_visible


def describe(user: User, key: str, alt: str) -> Attachment:
    """Set the text that describes a picture to people who cannot see it; empty: none.

    Raises ChatError: blocked_in_room, blocked_on_server, not_file_owner, no_such_file, no_such_message, no_such_room,
    room_archived.
    """
    found, alt = _mine(user, key), clean_line(alt)[:MAX_ALT]
    block_lists.check_words(found.room_id, (alt, ""))
    # Under the row's lock: it may be on its way in a message, which holds a copy of the text.
    if not Attachment.objects.filter(pk=found.pk, message=None).update(alt=alt):
        found = _mine(user, key)
        with changing(Action.EDIT, user, found.room.name, found.message_id or 0) as message:
            check_may_write(user, message.room)
            Attachment.objects.filter(pk=found.pk).update(alt=alt)
            attachments.rewrite(message)
    found.alt = alt
    return found


def remove(user: User, key: str) -> None:
    """Delete a file, whether it was sent or not. A message that is empty without it is deleted, too.

    Raises ChatError: file_sent_already, not_file_owner, no_such_file, no_such_message, no_such_room, room_archived.
    """
    found = _mine(user, key)
    if found.message_id is None:
        with transaction.atomic():
            waiting = Attachment.objects.select_for_update().filter(pk=found.pk, message=None)
            if not attachments.discard(waiting):
                raise ChatError("file_sent_already")
        return
    with changing(Action.DELETE_OWN, user, found.room.name, found.message_id) as message:
        attachments.discard(Attachment.objects.filter(pk=found.pk))
        attachments.rewrite(message)
        if not message.text and not message.files:
            make_tombstones([message], message.room)


def _mine(user: User, key: str) -> Attachment:
    found = get_visible(user, key)
    if found.uploader_id != user.id:
        raise ChatError("not_file_owner")
    return found
