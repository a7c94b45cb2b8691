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
from .preview_process import SIDES


def storage() -> Storage:
    return storages["files"]


def place_of(digest: str, side: int | None = None) -> str:
    """The name of these bytes in the storage, or of a small picture of them."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}" + (f".{side}.webp" if side else "")


def path_of(digest: str) -> Path | None:
    """Where these bytes are on this host; None when they are elsewhere."""
    found = storage()
    return Path(found.path(place_of(digest))) if isinstance(found, FileSystemStorage) else None


def keep(incoming: IncomingFile) -> Blob:
    """The row of what has come in, with its bytes in the store. Within the transaction that refers to it."""
    about = {"size": incoming.size, "type": incoming.type}
    blob, _made = Blob.objects.get_or_create(digest=incoming.digest, defaults=about)
    blob = Blob.objects.select_for_update().get(pk=blob.pk)
    # Anew also where they are there: a sweep that has found them without a row looks at their age.
    _place(incoming.path, place_of(blob.digest))
    if (made := incoming.previews) and not blob.preview:
        for side in made.about["sides"]:
            _place(made.folder / f"{side}.webp", place_of(blob.digest, side))
        blob.width, blob.height, blob.preview = made.width, made.height, made.about
        blob.save(update_fields=["width", "height", "preview"])
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
        for name in (place_of(blob.digest), *(place_of(blob.digest, side) for side in SIDES)):
            storage().delete(name)
    return True


def is_referenced(blob: Blob) -> bool:
    relations = (each for each in Blob._meta.get_fields(include_hidden=True) if isinstance(each, ManyToOneRel))
    return any(each.related_model._base_manager.filter(**{each.field.name: blob}).exists() for each in relations)


def _place(source: Path, name: str) -> None:
    found = storage()
    if not isinstance(found, FileSystemStorage):
        if not found.exists(name):
            with source.open("rb") as file:
                found.save(name, File(file))
        return
    path = Path(found.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    os.replace(source, path)
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    """So that the name survives a loss of power, as the row does."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
