"""Small pictures for which it was too busy when the large one came in: made later, and the rooms are told."""

import asyncio
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from asgiref.sync import sync_to_async
from django_tasks import TaskContext, task

from files import places, store
from files.incoming import Previews, folder
from files.models import Blob
from files.previews import make_previews_of

from ..kernel.errors import ChatError
from ..models import Attachment
from .attachments import rewrite
from .message_changes import changing_in

BATCH_SIZE = 200

logger = logging.getLogger(__name__)

TRIES = 4  # minutes apart: then it is not the machine that is too busy, but the picture that takes too long


@task(takes_context=True)
async def make_late_previews(context: TaskContext, blob_id: int) -> None:
    """Of one picture, where they are still due. Raises TimeoutError when it is still too busy."""
    blob = await sync_to_async(_due_one, thread_sensitive=False)(blob_id)
    if blob is None:
        return
    with _workplace() as place:
        picture = await asyncio.to_thread(_local_copy, blob, place)
        try:
            made = await make_previews_of(picture, place / "previews") if picture else None
        except TimeoutError:
            if context.attempt < TRIES:
                raise
            logger.warning("there are no small pictures of %s: it takes too long", blob)
            made = None
        await sync_to_async(_keep, thread_sensitive=False)(blob, made)


def enqueue_due() -> None:
    """Those of files that a version without jobs has taken in."""
    for blob_id in Blob.objects.filter(preview_due=True).order_by("pk").values_list("pk", flat=True)[:BATCH_SIZE]:
        make_late_previews.enqueue(blob_id)


def _due_one(blob_id: int) -> Blob | None:
    return Blob.objects.filter(pk=blob_id, preview_due=True).first()


@contextmanager
def _workplace() -> Iterator[Path]:
    """A folder, from which files can be moved into the store in one step."""
    folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder()) as name:
        yield Path(name)


def _local_copy(blob: Blob, place: Path) -> Path | None:
    """Where the picture can be read on this host; None when it is nowhere."""
    if path := places.path_of(blob):
        return path if path.exists() else None
    copy = place / "picture"
    try:
        places.fetch(blob.store, blob.place, copy)
    except FileNotFoundError:
        return None
    return copy


def _keep(blob: Blob, made: Previews | None) -> None:
    if not store.add_previews(blob, made):
        return
    sent = Attachment.objects.filter(blob=blob, message__deleted=False).order_by("pk")
    for room_id, message_id in list(sent.values_list("room_id", "message_id")):
        try:
            with changing_in(room_id, message_id) as message:
                rewrite(message)
        except ChatError:  # it has just been deleted
            continue
