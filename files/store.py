"""The bytes, by their digest: Django's storage "files". Equal bytes are there once.

A blob's row is locked while its bytes come or go, so nobody who finds the row misses the bytes, and nobody takes the
bytes away from under a new reference. What is interrupted in between leaves a file without a row, or a row to which
nothing refers; the sweep finds both.
"""

import os
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import transaction
from django.db.models import ManyToOneRel

from .incoming import IncomingFile
from .models import Blob


def storage() -> Storage:
    return storages["files"]


def place_of(digest: str) -> str:
    """The name of these bytes in the storage."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def path_of(digest: str) -> Path | None:
    """Where these bytes are on this host; None when they are elsewhere."""
    found = storage()
    return Path(found.path(place_of(digest))) if isinstance(found, FileSystemStorage) else None


def keep(incoming: IncomingFile) -> Blob:
    """The row of what has come in, with its bytes in the store. Within the transaction that refers to it."""
    blob, _made = Blob.objects.get_or_create(
        digest=incoming.digest,
        defaults={
            "size": incoming.size,
            "type": incoming.type,
            "width": incoming.dimensions and incoming.dimensions[0],
            "height": incoming.dimensions and incoming.dimensions[1],
        },
    )
    blob = Blob.objects.select_for_update().get(pk=blob.pk)
    _place(incoming)
    return blob


def discard_unreferenced(blob_ids: list[int]) -> int:
    """Delete those of these to which nothing refers any more, with their bytes. Returns how many. Each is a
    transaction of its own."""
    return sum(map(_discard, blob_ids))


def _discard(blob_id: int) -> bool:
    with transaction.atomic():
        blob = Blob.objects.select_for_update().filter(pk=blob_id).first()
        if blob is None or is_referenced(blob):
            return False
        blob.delete()
        storage().delete(place_of(blob.digest))
    return True


def is_referenced(blob: Blob) -> bool:
    relations = (each for each in Blob._meta.get_fields(include_hidden=True) if isinstance(each, ManyToOneRel))
    return any(each.related_model._base_manager.filter(**{each.field.name: blob}).exists() for each in relations)


def _place(incoming: IncomingFile) -> None:
    name, found = place_of(incoming.digest), storage()
    if not isinstance(found, FileSystemStorage):
        if not found.exists(name):
            with incoming.path.open("rb") as file:
                found.save(name, File(file))
        return
    # Anew also where it is there: a sweep that has found it without a row looks at its age.
    path = Path(found.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    os.replace(incoming.path, path)
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    """So that the name survives a loss of power, as the row does."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
