"""How much space files may take: those of a person, of a room, of the server.

Whoever takes space does so in a transaction in which `take` is called first, so that what two take at once is counted
together. What the server has is read a moment before: that is as exact as its disk's own answer.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Sum

from files import usage

from ..kernel.errors import ChatError
from ..models import Attachment, PartialUpload
from .sql import lock_file_space


@dataclass(frozen=True, slots=True)
class Space:
    """bytes: how many more there may be. refusal: what is said to whoever needs more."""

    bytes: int
    refusal: ChatError


def space_left(user_id: int, room_id: int | None) -> Space:
    """The least of what is left. room_id: None for one that has not begun."""
    promised = _size(PartialUpload.objects.unfinished())
    server = Space(usage.room_left() - promised, ChatError("server_has_no_space"))
    return min([server, *_quotas(user_id, room_id)], key=lambda space: space.bytes)


def check(user_id: int, room_id: int, size: int) -> None:
    """Raises ChatError when there is no space for so many bytes."""
    _demand(size, [space_left(user_id, room_id)])


def take(user_id: int, room_id: int, size: int) -> None:
    """The same for the person and the room; until the transaction ends, nobody else takes any of theirs. After blobs
    are locked, not before. The server's was looked at by `check`."""
    lock_file_space(user_id, room_id)
    _demand(size, _quotas(user_id, room_id))


def _demand(size: int, spaces: list[Space]) -> None:
    for space in spaces:
        if size > space.bytes:
            raise space.refusal


def _quotas(user_id: int, room_id: int | None) -> list[Space]:
    spaces = []
    if limit := settings.FILES_QUOTA_PERSON_MB:
        spaces.append(_space(limit, ChatError("person_has_no_space", limit=limit), uploader=user_id))
    if (limit := settings.FILES_QUOTA_ROOM_MB) and room_id is not None:
        spaces.append(_space(limit, ChatError("room_has_no_space", limit=limit), room=room_id))
    return spaces


def _space(limit_mb: int, refusal: ChatError, **whose: int) -> Space:
    taken = _size(Attachment.objects.filter(**whose)) + _size(PartialUpload.objects.unfinished().filter(**whose))
    return Space(limit_mb * usage.MIB - taken, refusal)


def _size(rows: QuerySet[Any]) -> int:
    return rows.aggregate(size=Sum("size"))["size"] or 0
