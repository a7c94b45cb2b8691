"""The files of messages: sent with one, described in it, deleted with it. How they come in: uploads.py."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from files import store

from ..kernel.errors import ChatError
from ..kernel.wire import MAX_FILES
from ..models import Attachment, Message
from ..models.attachment import kind_of
from .file_words import index_files_of

UNSENT_KEPT = timedelta(days=1)
BATCH_SIZE = 200


def no_such_file() -> ChatError:
    """For files that do not exist, and alike for those that somebody may not see."""
    return ChatError("no_such_file")


def claim(wanted: Iterable[Sequence[str]]) -> dict[str, Attachment]:
    """Lock the files that some posts are to be sent with, and return them by key. No query when there are none."""
    keys = sorted({key for keys in wanted for key in keys})
    if not keys:
        return {}
    rows = Attachment.objects.select_for_update(of=("self",)).select_related("blob").filter(key__in=keys)
    return {row.key: row for row in rows.order_by("pk")}


def check(keys: Sequence[str], claimed: dict[str, Attachment], user_id: int, room_id: int) -> ChatError | None:
    """Why this person may not send these files in this room; None: they may."""
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
    """The description of a message's files, as stored in Message.files."""
    return [row.description for row in rows]


def rewrite(message: Message) -> None:
    """Update Message.files and save the message. Files that were removed for their age stay listed as removed."""
    rows = Attachment.objects.select_related("blob").filter(message=message).order_by("position")
    there = {row["id"]: row for row in describe(rows)}
    # Where they were; what was removed for its age stays as it is.
    message.files = [there.get(file["id"], file) for file in message.files or ()
                     if file["id"] in there or file.get("removed")] or None  # fmt: skip
    message.save(update_fields=["files"])
    if there:
        index_files_of.enqueue(message.pk)


def attach(message: Message, rows: Sequence[Attachment]) -> None:
    """Assign these files, which are locked, to a message that has just been written."""
    for position, row in enumerate(rows):
        row.message, row.position = message, position
    Attachment.objects.bulk_update(rows, ["message", "position"])
    index_files_of.enqueue(message.pk)


def discard_of(messages: Sequence[Message]) -> None:
    """Delete the files of messages that are about to be deleted.

    Contents to which nothing else refers go after the commit.
    """
    if ids := [message.pk for message in messages if message.files is not None]:
        discard(Attachment.objects.filter(message__in=ids))


def discard_old_unsent(age: timedelta = UNSENT_KEPT) -> int:
    """Delete some files that nobody sent in time. Returns how many; 0: there are no more."""
    old = Attachment.objects.filter(message=None, created__lt=timezone.now() - age)
    with transaction.atomic():
        # Locked, because they may be sent at this moment.
        return discard(old.select_for_update(skip_locked=True).order_by("pk")[:BATCH_SIZE])


def fill_kinds() -> int:
    """Fill in size and kind of rows that an earlier version wrote during an upgrade. Returns how many it filled in."""
    rows = list(Attachment.objects.filter(kind="").select_related("blob").order_by("pk")[:BATCH_SIZE])
    for row in rows:
        row.size, row.kind = row.blob.size, kind_of(row.blob.type)
    Attachment.objects.bulk_update(rows, ["size", "kind"])
    return len(rows)


def discard(rows: QuerySet[Attachment]) -> int:
    """Delete these files, and after the commit contents that nothing else refers to. Returns how many there were."""
    found = list(rows.values_list("pk", "blob_id"))
    if found:
        Attachment.objects.filter(pk__in=[pk for pk, _blob in found]).delete()
        blobs = sorted({blob for _pk, blob in found})
        transaction.on_commit(lambda: store.discard_unreferenced(blobs), robust=True)
    return len(found)
