"""Files that come in by several requests: begun, continued, finished or given up. Their bytes: files/partial.py."""

import logging
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.plain_text import clean_line
from files import partial
from files.incoming import IncomingFile
from files.names import clean_name
from site_settings import current

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.uploads import max_file_size
from ..models import Attachment, PartialUpload, Room
from . import file_quotas, token_rooms, uploads
from .membership import get_visible_room
from .post_rights import check_may_write

logger = logging.getLogger(__name__)

KEPT = timedelta(days=1)
MAX_OPEN = 50  # of one person
BATCH_SIZE = 200


def begin(user: User, room_name: str, size: int, name: str, alt: str = "") -> PartialUpload:
    """Begin an upload. Its whole size counts as used space from now on.

    Raises ChatError: file_store_away, room_archived, too_many_uploads, file_too_large, upload_length_wrong.
    """
    room = _open_room(user, room_name)
    rate_limits.check_upload(user.id)
    if not 0 < size <= max_file_size():
        if size <= 0:
            raise ChatError("upload_length_wrong")
        raise ChatError("file_too_large", limit=current.number("MAX_UPLOAD_MB"))
    file_quotas.check(user.id, room.id, size)
    part = secrets.token_hex(16)
    try:
        partial.create(part)
    except OSError as error:
        logger.error("a file cannot be stored: %s", error)
        raise ChatError("file_store_away", 30) from error
    about = {"name": clean_name(name), "alt": clean_line(alt)[: uploads.MAX_ALT]}
    try:
        with transaction.atomic():
            file_quotas.take(user.id, room.id, size)
            if PartialUpload.objects.unfinished().filter(uploader=user).count() >= MAX_OPEN:
                raise ChatError("too_many_uploads", 60, seconds=60)
            return PartialUpload.objects.create(room=room, uploader=user, size=size, part=part, **about)
    except ChatError:
        partial.discard(part)
        raise


def get_mine(user: User, key: str) -> PartialUpload:
    """An upload of this person that has not expired. Raises ChatError: no_such_upload, room_archived."""
    if not key.isprintable():
        raise ChatError("no_such_upload")
    found = PartialUpload.objects.select_related("room", "attachment")
    upload = found.filter(key=key, uploader=user, created__gt=timezone.now() - KEPT).first()
    if upload is None:
        raise ChatError("no_such_upload")
    try:
        token_rooms.check_room(user, upload.room.name)
        _open_room(user, upload.room.name)
    except ChatError:
        raise ChatError("no_such_upload") from None
    return upload


def expires(upload: PartialUpload) -> datetime:
    """When an unfinished upload is removed."""
    return upload.created + KEPT


def arrived(upload: PartialUpload) -> int:
    """How many bytes have come in. Raises ChatError: upload_elsewhere."""
    if upload.attachment_id:
        return upload.size
    try:
        return partial.arrived(upload.part)
    except FileNotFoundError:
        raise ChatError("upload_elsewhere") from None


def finish(user: User, key: str, incoming: IncomingFile) -> Attachment:
    """Turn a complete upload into a file, like any other that came in. Its partial file stays until that is committed.

    So a request that is interrupted here can be repeated.

    Raises ChatError: upload_busy, file_store_away, no_such_upload, room_archived.
    """
    upload = get_mine(user, key)
    if upload.attachment:
        return upload.attachment

    def note(made: Attachment) -> None:
        """Raises ChatError: upload_busy."""
        if not PartialUpload.objects.unfinished().filter(pk=upload.pk).update(attachment=made):
            raise ChatError("upload_busy", 1)  # another request has finished it, or given it up, just now

    made = uploads.take_in(user, upload.room.name, incoming, upload.alt, is_counted=True, then=note)
    incoming.discard()
    return made


def give_up(upload: PartialUpload) -> None:
    """End an upload. A file that it has become stays."""
    upload.delete()
    partial.discard(upload.part)


def discard_old() -> int:
    """Delete some expired uploads. Returns how many; 0: there are no more."""
    old = list(PartialUpload.objects.filter(created__lt=timezone.now() - KEPT)[:BATCH_SIZE])
    for upload in old:
        give_up(upload)
    return len(old)


def _open_room(user: User, room_name: str) -> Room:
    room = get_visible_room(user.id, room_name)
    check_may_write(user, room)
    return room
