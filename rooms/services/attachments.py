"""The files of messages: sent with one, described in it, deleted with it. How they come in: uploads.py."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from files import store

from ..kernel.errors import ChatError
from ..kernel.wire import MAX_FILES
from ..models import Attachment, Message


def no_such_file() -> ChatError:
    return ChatError("no_such_file")


def claim(wanted: Iterable[Sequence[str]]) -> dict[str, Attachment]:
    """By key: those that some posts are to be sent with, locked. No query when there are none."""
    keys = sorted({key for keys in wanted for key in keys})
    rows = Attachment.objects.select_for_update(of=("self",)).select_related("blob").filter(key__in=keys)
    return {row.key: row for row in rows.order_by("pk")} if keys else {}


def check(keys: Sequence[str], claimed: dict[str, Attachment], user_id: int, room_id: int) -> ChatError | None:
    """Why this person may not send these in this room; None: they may."""
    if len(keys) > MAX_FILES:
        return ChatError("too_many_files", limit=MAX_FILES)
    for key in keys:
        found = claimed.get(key)
        if found is None or found.uploader_id != user_id or found.room_id != room_id:
            return no_such_file()
        if found.message_id:
            return ChatError("file_sent_already")
    return ChatError("file_sent_already") if len(set(keys)) < len(keys) else None


def describe(rows: Iterable[Attachment]) -> list[dict[str, Any]]:
    """What a message says of its files (Message.files)."""
    return [_description(row) for row in rows]


def attach(message: Message, rows: Sequence[Attachment]) -> None:
    """Hand these, which are locked, to a message that has just been written."""
    for position, row in enumerate(rows):
        row.message, row.position = message, position
    Attachment.objects.bulk_update(rows, ["message", "position"])


def discard_of(messages: Sequence[Message]) -> None:
    """Delete the files of messages that are about to be deleted, and after the commit the bytes to which nothing else
    refers."""
    mine = Attachment.objects.filter(message__in=[message.pk for message in messages if message.files is not None])
    _discard(list(mine.values_list("pk", "blob_id")))


def discard_unsent(**wanted: Any) -> int:
    """The same for those that were never sent, of a room or an uploader. Returns how many."""
    rows = list(Attachment.objects.filter(message=None, **wanted).values_list("pk", "blob_id"))
    _discard(rows)
    return len(rows)


def _discard(rows: Sequence[tuple[int, int]]) -> None:
    if not rows:
        return
    Attachment.objects.filter(pk__in=[pk for pk, _blob in rows]).delete()
    blobs = sorted({blob for _pk, blob in rows})
    transaction.on_commit(lambda: store.discard_unreferenced(blobs), robust=True)


def _description(row: Attachment) -> dict[str, Any]:
    found = {"id": row.key, "name": row.name, "type": row.blob.type, "size": row.blob.size}
    if row.blob.width:
        found |= {"width": row.blob.width, "height": row.blob.height}
    return found | {"alt": row.alt} if row.alt else found
