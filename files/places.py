"""Stores bytes: on this host's disk, or in a bucket of an S3-compatible service. Both are storages of Django.

A name in either is used once: its bytes never change, and deleting it cannot hit the same bytes when they are sent
again. Nothing here knows which rows refer to a blob, and nothing is called while the database is locked. Errors are
OSErrors.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages

from .models import Blob
from .preview_process import SIDES

LOCAL, S3 = "local", "s3"


def is_copied() -> bool:
    """Whether a backup is being made. Then nothing is deleted, and a later sweep does it. (backups/apps.py replaces
    this function.)"""
    return False


class StoreAway(OSError):
    """The service cannot be reached, or refuses the request."""


PIECE = 256 * 1024  # bytes


def current() -> str:
    """The store of new files."""
    store: str = settings.FILES_STORAGE
    return store


def configured() -> list[str]:
    """The stores that rows may name here, whichever is the current one."""
    return [LOCAL, *([S3] if settings.FILES_S3_BUCKET else [])]


def new_place(digest: str) -> str:
    """A name that was never used. Folders by the first letters of the digest keep each small."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}-{secrets.token_hex(4)}"


def preview_place(place: str, side: int) -> str:
    """The name of a preview of the picture with this name."""
    return f"{place}.{side}.webp"


def local_path(place: str) -> Path:
    return Path(_local().path(place))


def path_of(blob: Blob) -> Path | None:
    """Where its bytes are on this host; None when they are elsewhere."""
    return local_path(blob.place) if blob.store == LOCAL else None


def open_in(store: str, place: str) -> IO[bytes]:
    """Raises FileNotFoundError."""
    return cast(IO[bytes], (_local() if store == LOCAL else s3()).open(place))


def open_blob(blob: Blob) -> IO[bytes]:
    """For reading; the caller closes it. Raises FileNotFoundError, and StoreAway when the bucket does not answer."""
    return open_in(blob.store, blob.place)


def size_in(store: str, place: str) -> int:
    """Raises FileNotFoundError."""
    return int((_local() if store == LOCAL else s3()).size(place))


def put(source: Path, store: str, place: str, *, stays: bool = False) -> None:
    """Store a file that is on the disk under a new name. It survives a loss of power. stays: the file is also needed
    under its old name."""
    if store != LOCAL:
        s3().put_file(source, place)
        return
    path = local_path(place)
    made = [folder for folder in (path.parent, *path.parents[1:3]) if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    if stays:
        _link(source, path)
    else:
        os.replace(source, path)
    for folder in {path.parent, *(each.parent for each in made)}:
        _sync_folder(folder)


def fetch(store: str, place: str, target: Path) -> None:
    """Copy the bytes to a file on this host, and sync it to disk. Raises FileNotFoundError."""
    if store == LOCAL:
        shutil.copyfile(local_path(place), target)
    else:
        s3().get_file(place, target)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def local_copy(blob: Blob, folder: Path) -> Path | None:
    """Where its bytes can be read on this host: the file itself, or a copy in `folder`. None: they are gone. Raises
    OSError when the store is away."""
    if path := path_of(blob):
        return path if path.exists() else None
    copy = folder / "file"
    try:
        fetch(blob.store, blob.place, copy)
    except FileNotFoundError:
        return None
    return copy


def remove(store: str, place: str) -> None:
    """Delete bytes and their previews, unless a backup runs. A thread does it for a bucket, so nobody waits."""
    if is_copied():
        return
    names = [place, *(preview_place(place, side) for side in SIDES)]
    if store == LOCAL:
        remove_names(store, names)
    else:
        _remover().submit(remove_names, store, names)


def remove_names(store: str, names: list[str]) -> None:
    for name in names:
        (_local() if store == LOCAL else s3()).delete(name)


def names_in(store: str) -> Iterator[tuple[str, datetime]]:
    """All of them, with when they were written."""
    if store != LOCAL:
        yield from s3().names()
        return
    found = _local()
    if not found.exists(""):
        return
    for first in sorted(name for name in found.listdir("")[0] if len(name) == 2):
        for second in found.listdir(first)[0]:
            for file in found.listdir(f"{first}/{second}")[1]:
                name = f"{first}/{second}/{file}"
                yield name, found.get_modified_time(name)


def s3() -> Any:
    """The bucket (s3_storage.S3Files). Its libraries are loaded only when it is used."""
    return storages["files-s3"]


def _local() -> FileSystemStorage:
    return cast(FileSystemStorage, storages["files"])


@cache
def _remover() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "removes-files")


def _link(source: Path, path: Path) -> None:
    with contextlib.suppress(OSError):  # not every file system has links
        os.link(source, path)
        return
    with path.open("xb") as file:
        shutil.copyfile(source, path)
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
