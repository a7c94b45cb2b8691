"""Makes previews and texts that could not be made when a file came in because the server was too busy."""

import asyncio
import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from asgiref.sync import sync_to_async
from django.db.models import Q, QuerySet
from django_tasks import TaskContext, task

from files import places, store
from files.documents import DOCUMENTS, read_document_of
from files.incoming import folder
from files.models import Blob
from files.previews import make_previews_of

from ..kernel.errors import ChatError
from ..models import Attachment
from .attachments import rewrite
from .message_changes import changing_in

BATCH_SIZE = 200

logger = logging.getLogger(__name__)

TRIES = 4  # minutes apart: after these, the file takes too long, not the machine


@task(takes_context=True)
async def make_late_previews(context: TaskContext, blob_id: int) -> None:
    """Of one file, where they are still due. Raises TimeoutError when it is still too busy.

    The database is asked in the thread that runs the job (`sync_to_async` under `async_to_sync`): other threads would
    keep a connection each.
    """
    blob = await sync_to_async(_due_one)(blob_id)
    if blob is None:  # kept by a job that was interrupted, perhaps before it could say so
        await sync_to_async(_tell)(blob_id)
        return
    with _workplace() as place:
        source = await asyncio.to_thread(places.local_copy, blob, place)
        try:
            keep = await _make(blob, source, place / "previews")
        except TimeoutError:
            if context.attempt < TRIES:
                raise
            logger.warning("%s cannot be shown: it takes too long", blob)
            keep = await _make(blob, None, place)
        await sync_to_async(_keep)(blob, keep)


async def _make(blob: Blob, source: Path | None, small: Path) -> Callable[[], bool]:
    """What keeps them. source: None: there is nothing to read. Raises TimeoutError."""
    if blob.type not in DOCUMENTS:
        previews = await make_previews_of(source, small, late=True) if source else None
        return partial(store.add_previews, blob, previews)
    text, previews = await read_document_of(source, blob.type, small, late=True) if source else (None, None)
    return partial(store.add_document, blob, text, previews)


def enqueue_due() -> None:
    """Enqueue jobs for files of an earlier version that had no jobs, or that did not read documents."""
    for blob_id in _due().order_by("pk").values_list("pk", flat=True)[:BATCH_SIZE]:
        make_late_previews.enqueue(blob_id)


def _due() -> QuerySet[Blob]:
    return Blob.objects.filter(Q(preview_due=True) | Q(text_due=True, type__in=DOCUMENTS))


def _due_one(blob_id: int) -> Blob | None:
    return _due().filter(pk=blob_id).first()


@contextmanager
def _workplace() -> Iterator[Path]:
    """A folder from which files can be moved into the store in one step."""
    folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder()) as name:
        yield Path(name)


def _keep(blob: Blob, keep: Callable[[], bool]) -> None:
    if keep():
        _tell(blob.pk)


def _tell(blob_id: int) -> None:
    """Publish the messages that do not show it yet."""
    sent = Attachment.objects.select_related("blob", "message").filter(blob=blob_id, message__deleted=False)
    for file in list(sent.order_by("pk")):
        if file.message is None or file.description in (file.message.files or ()):
            continue
        try:
            with changing_in(file.room_id, file.message.pk) as message:
                rewrite(message)
        except ChatError:  # it was deleted meanwhile
            continue
