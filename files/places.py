"""Where bytes are: Django's storage "files", on this host's disk.

A name in it is used once: what stands under one never changes, and taking it away cannot meet bytes that come again.
Nothing here knows of rows, and nothing is called while the database is locked.
"""

import os
import secrets
from pathlib import Path
from typing import IO

from django.core.files.storage import FileSystemStorage, Storage, storages

from .models import Blob
from .preview_process import SIDES


def storage() -> Storage:
    return storages["files"]


def new_place(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:4]}/{digest}-{secrets.token_hex(4)}"


def preview_place(place: str, side: int) -> str:
    """Of a small picture of what is there."""
    return f"{place}.{side}.webp"


def local_path(place: str) -> Path | None:
    """Where it is on this host; None when it is elsewhere."""
    found = storage()
    return Path(found.path(place)) if isinstance(found, FileSystemStorage) else None


def path_of(blob: Blob) -> Path | None:
    return local_path(blob.place)


def open_blob(blob: Blob) -> IO[bytes]:
    """Its bytes. Raises FileNotFoundError."""
    return storage().open(blob.place)


def put(source: Path, place: str) -> None:
    """Move a file that is on the disk already to a new place. It survives a loss of power."""
    path = local_path(place)
    if path is None:
        with source.open("rb") as file:
            storage().save(place, file)
        return
    made = [folder for folder in (path.parent, *path.parents[1:3]) if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    os.replace(source, path)
    for folder in {path.parent, *(each.parent for each in made)}:
        _sync_folder(folder)


def remove(place: str) -> None:
    """With the small pictures of it."""
    for name in (place, *(preview_place(place, side) for side in SIDES)):
        storage().delete(name)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
