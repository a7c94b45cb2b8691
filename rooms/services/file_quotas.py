"""How much space files may take: for a person, for a room, and for the server.

Whoever takes space calls `take` first in their transaction, so that two uploads at once are counted together. The
server's space is checked a moment before, which is as exact as what the disk reports.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum

from files import usage
from site_settings import current

from ..kernel.errors import ChatError
from ..models import Attachment, PartialUpload
from .sql import lock_file_space


@dataclass(frozen=True, slots=True)
class Space:
    """bytes: how many are left. refusal: the reason for whoever needs more."""

    bytes: int
    refusal: ChatError


def space_left(user_id: int, room_id: int | None) -> Space:
    """The smallest of what is left. room_id: None for a direct message that does not exist yet."""
    promised = _size(PartialUpload.objects.unfinished())
    server = Space(usage.room_left() - promised, ChatError("server_has_no_space"))
    return min([server, *_quotas(user_id, room_id)], key=lambda space: space.bytes)


def check(user_id: int, room_id: int, size: int) -> None:
    """Raises ChatError when there is no space for this many bytes."""
    _demand(size, [space_left(user_id, room_id)])


def take(user_id: int, room_id: int, size: int) -> None:
    """The same for the person and the room, and lock their space until the transaction ends.

    Call it after locking blobs, not before. The server's space was checked by `check`.
    """
    lock_file_space(user_id, room_id)
    _demand(size, _quotas(user_id, room_id))


def _demand(size: int, spaces: list[Space]) -> None:
    for space in spaces:
        if size > space.bytes:
            raise space.refusal


def _quotas(user_id: int, room_id: int | None) -> list[Space]:
    spaces = []
    if limit := current.number("FILES_QUOTA_PERSON_MB"):
        spaces.append(_space(limit, ChatError("person_has_no_space", limit=limit), uploader=user_id))
    if (limit := current.number("FILES_QUOTA_ROOM_MB")) and room_id is not None:
        spaces.append(_space(limit, ChatError("room_has_no_space", limit=limit), room=room_id))
    return spaces


def _space(limit_mb: int, refusal: ChatError, **whose: int) -> Space:
    taken = _size(Attachment.objects.filter(**whose)) + _size(PartialUpload.objects.unfinished().filter(**whose))
    return Space(limit_mb * usage.MIB - taken, refusal)


def _size(rows: QuerySet[Any]) -> int:
    return rows.aggregate(size=Sum("size"))["size"] or 0
