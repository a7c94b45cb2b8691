"""Small pictures for which it was too busy when the large one came in: made later, and the rooms are told."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from asgiref.sync import sync_to_async

from files import places, store
from files.incoming import Previews, folder
from files.models import Blob
from files.previews import make_previews_of

from ..kernel.errors import ChatError
from ..models import Attachment
from .file_changes import rewrite
from .message_changes import changing_in


async def make_late_previews() -> None:
    """All that are due, one after the other. It stops where it is still too busy."""
    while blob := await sync_to_async(_next, thread_sensitive=False)():
        with _workplace() as place:
            try:
                picture = await asyncio.to_thread(_local_copy, blob, place)
                made = await make_previews_of(picture, place / "previews") if picture else None
            except TimeoutError:
                return
            await sync_to_async(_keep, thread_sensitive=False)(blob, made)


def _next() -> Blob | None:
    return Blob.objects.filter(preview_due=True).order_by("pk").first()


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
