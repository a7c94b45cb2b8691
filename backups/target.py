"""Opens the file for an archive. It gets its final name only when it is complete."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .errors import Refused

STDOUT = "-"
PART = ".part"


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """A new file, or stdout. Raises Refused, OSError."""
    if name == STDOUT:
        if sys.stdout.isatty():
            raise Refused("An archive is nothing to look at: give a file, or let another program read it.")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(name).absolute()
    if path.exists() and not _is_device(path):
        raise Refused(f"{path} is there already.")
    if _is_device(path):
        with path.open("wb") as device:
            yield device
        return
    draft = part_of(path)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            os.replace(draft, path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)


def part_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}{PART}")


def _is_device(path: Path) -> bool:
    return path.exists() and not path.is_file() and not path.is_dir()


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
