"""A secret that is made once, and kept in a file that only this account can read."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def read_or_make(path: Path, make: Callable[[], str]) -> str:
    """Of two processes that start together, one writes the file and both read the same. Raises OSError."""
    if not path.exists():
        _write_once(path, make())
    return path.read_text().strip()


def _write_once(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
