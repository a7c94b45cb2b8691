"""An incoming file: it is written to disk and hashed piece by piece, and deleted unless it is kept.

Synchronous: coroutines call it in a thread.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from .media_types import SNIFFED, find_type
from .names import clean_name

SYNC_EVERY = 4 * 2**20  # bytes: syncing fifty megabytes at once would hold up the database's own writes
READ_AT_ONCE = 2**20  # bytes
HALVES_KEPT = 25 * 3600  # seconds; resumable uploads are given up after a day, by their row


def folder() -> Path:
    """Beside the store, so that a file can be renamed into it."""
    return Path(settings.FILES_DIR) / "incoming"


@dataclass(frozen=True, slots=True)
class Previews:
    """Previews of a picture. about: what Blob.preview stores of them. folder: has them as <side>.webp."""

    folder: Path
    width: int
    height: int
    about: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a document by page. about: what Blob.text stores of it."""

    pages: tuple[str, ...]
    about: dict[str, Any]


class IncomingFile:
    """`digest` and `type` are known after `finish`."""

    def __init__(self, name: str, whole: Path | None = None) -> None:
        """whole: a complete file in `folder()`, to be read by `read_whole`. It stays there until it is discarded."""
        folder().mkdir(parents=True, exist_ok=True)
        self.stays = whole is not None
        self.name = clean_name(name)
        self.path = whole or folder() / f"{secrets.token_hex(16)}.part"
        self.size = 0
        self.digest = self.type = ""
        self.previews: Previews | None = None
        self.squares: tuple[bytes, bytes] | None = None  # small and large, for the picture of a person or a room
        self.previews_due = False  # it was too busy to make them
        self.text: Text | None = None
        self.text_due = False  # it was too busy to read it
        self.store = self.place = ""  # of the bytes, once they are kept
        self._beginning = b""
        self._unsynced = 0
        self._hash = hashlib.sha256()
        self._file = self.path.open("rb" if whole else "xb", buffering=0)

    def read_whole(self) -> None:
        """Hash the existing file, as `write` does with pieces, and finish."""
        while piece := self._file.read(READ_AT_ONCE):
            self._look_at(piece)
        self.finish()

    def write(self, piece: bytes | memoryview) -> None:
        """Write and digest the next piece. Raises OSError when the disk is full or fails."""
        self._look_at(piece)
        left = memoryview(piece)
        while left:
            left = left[self._file.write(left) :]
        self._unsynced += len(piece)
        if self._unsynced >= SYNC_EVERY:
            self._unsynced = 0
            os.fdatasync(self._file.fileno())

    def _look_at(self, piece: bytes | memoryview) -> None:
        self._hash.update(piece)
        if len(self._beginning) < SNIFFED:
            self._beginning += piece[: SNIFFED - len(self._beginning)]
        self.size += len(piece)

    def finish(self) -> None:
        """Call it when everything has come in. Syncs the file to disk."""
        os.fsync(self._file.fileno())
        self._file.close()
        self.digest, self.type = self._hash.hexdigest(), find_type(self._beginning)

    def discard(self) -> None:
        """Delete the file, unless the store has taken it."""
        self._file.close()
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
        shutil.rmtree(self.previews_folder, ignore_errors=True)

    @property
    def previews_folder(self) -> Path:
        return self.path.with_suffix(".previews")


def sweep_halves(before: float | None = None) -> int:
    """Delete interrupted files. Returns how many. before: a time; files that were written to later stay."""
    limit = time.time() - HALVES_KEPT if before is None else before
    halves = [path for path in folder().glob("*") if path.stat().st_mtime < limit] if folder().exists() else []
    for path in halves:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(halves)
