"""Files that have come in and are not sent yet; and who may get a file: whoever may read its message."""

import logging
from collections.abc import Callable
from typing import Any

from accounts.models import User
from accounts.plain_text import clean_line
from files import store
from files.incoming import IncomingFile
from files.models import Blob

from ..kernel.errors import ChatError
from ..models import Attachment
from . import file_quotas, token_rooms
from .attachments import no_such_file
from .late_previews import make_late_previews
from .membership import get_visible_room
from .post_rights import check_may_write

logger = logging.getLogger(__name__)

MAX_ALT = 1000  # characters


def take_in(
    user: User, room_name: str, incoming: IncomingFile, alt: str = "",
    *, is_counted: bool = False, then: Callable[[Attachment], None] | None = None,
) -> Attachment:  # fmt: skip
    """Keep a file that this person is going to send in a room. Nobody else sees it until then.

    alt: what a picture shows. is_counted: its space was taken before. then: writes in the same transaction.

    Raises ChatError: file_store_away, room_archived.
    """
    room = get_visible_room(user.id, room_name)
    check_may_write(user, room)
    if not is_counted:
        file_quotas.check(user.id, room.id, incoming.size)
    about = {"room": room, "uploader": user, "name": incoming.name, "alt": clean_line(alt)[:MAX_ALT]}

    def refer(blob: Blob) -> Attachment:
        if not is_counted:  # others may have come in at the same time
            file_quotas.take(user.id, room.id, incoming.size)
        return _refer(blob, about, then)

    try:
        return store.keep(incoming, refer)
    except ChatError:
        store.take_back(incoming)
        raise
    except OSError as error:
        logger.error("a file cannot be stored: %s", error)
        raise ChatError("file_store_away", 30) from error


def _refer(blob: Blob, about: dict[str, Any], then: Callable[[Attachment], None] | None) -> Attachment:
    if blob.preview_due or blob.text_due:
        make_late_previews.enqueue(blob.pk)
    made = Attachment.objects.create(**about, blob=blob)
    if then:
        then(made)
    return made


def get_visible(user: User, key: str) -> Attachment:
    """The file with this key and its blob, if this person may see it. Raises no_such_file for every other."""
    if not key.isprintable():  # not every text may be asked of every database
        raise no_such_file()
    found = Attachment.objects.select_related("room", "blob", "message").filter(key=key).first()
    if found is None or (found.uploader_id != user.id if found.message is None else found.message.deleted):
        raise no_such_file()
    try:
        token_rooms.check_room(user, found.room.name)
        get_visible_room(user.id, found.room.name)
    except ChatError:
        raise no_such_file() from None
    return found
