"""Files uploaded in several requests. The partial file stays on the disk, and its size says how much has arrived.

Synchronous: coroutines call it in a thread.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from .incoming import SYNC_EVERY, folder


class Busy(Exception):
    """Another request is writing to it."""


class OffsetDiffers(Exception):
    """The request does not continue at the number of bytes that have arrived."""


class TooLong(Exception):
    """There are more bytes than were announced."""


def path_of(part: str) -> Path:
    """part: a random name. The folder is beside the store, so that the file can be moved there in one step."""
    return folder() / f"{part}.part"


def create(part: str) -> None:
    """Raises FileExistsError when there is one of that name, and another OSError when the disk is full or fails."""
    folder().mkdir(parents=True, exist_ok=True)
    path_of(part).touch(exist_ok=False)


def arrived(part: str) -> int:
    """How many bytes. Raises FileNotFoundError when the file is gone or on another host."""
    return path_of(part).stat().st_size


def discard(part: str) -> None:
    """Remove what has arrived. Does nothing where it is gone, or on another host."""
    with suppress(FileNotFoundError):
        path_of(part).unlink()


class Appending:
    """Appends to a partial file. Only one request at a time can: it holds a lock, which ends with its process."""

    def __init__(self, part: str, offset: int, size: int) -> None:
        """size: of the whole. Raises FileNotFoundError, Busy, OffsetDiffers."""
        self.size, self._unsynced = size, 0
        self._file = path_of(part).open("r+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.offset = self._file.seek(0, os.SEEK_END)
            if self.offset != offset:
                raise OffsetDiffers
        except BlockingIOError:
            self._file.close()
            raise Busy from None
        except OffsetDiffers:
            self._file.close()
            raise

    def write(self, piece: bytes) -> None:
        """Raises TooLong."""
        if self.offset + len(piece) > self.size:
            raise TooLong
        left = memoryview(piece)
        while left:
            left = left[self._file.write(left) :]
        self.offset += len(piece)
        self._unsynced += len(piece)
        if self._unsynced >= SYNC_EVERY:
            self.sync()

    def sync(self) -> None:
        """Call it before telling the client how much has arrived."""
        self._unsynced = 0
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()

    @property
    def is_whole(self) -> bool:
        return self.offset == self.size
