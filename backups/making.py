"""Makes an archive while the server runs.

The order keeps it consistent. The rows and the list of their files are read first, in one snapshot. Then the bytes of
these files are copied, after the snapshot has ended: they never change, and are not deleted during a backup (lease.py).
Keys come last.
"""

import gzip
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from files import places
from files.models import Blob

from . import tables
from .archive import HEAD, PIECE, Writer
from .errors import Refused
from .models import Backup
from .snapshot import snapshot

FORMAT = 1
KEYS = ("secret_key", "vapid_key")  # files in DATA_DIR
CHUNK = 4 * 2**20  # bytes of rows in one member, before they are compressed
Progress = Callable[[str, float], None]  # (the current step, its progress from 0 to 1)


@dataclass
class Found:
    """Totals of an archive."""

    rows: int = 0
    files: int = 0
    bytes: int = 0  # of files
    missing: int = 0  # files whose bytes are missing or damaged
    size: int = 0  # of the archive


def make(file: IO[bytes], row: Backup, with_files: bool, progress: Progress, warn: Callable[[str], None]) -> Found:
    """Write an archive to a file or a pipe. Raises Refused, OSError."""
    writer, found = Writer(file), Found()
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as listed:
        with snapshot():
            migrations = tables.applied()
            if newer := tables.unknown(migrations):
                raise Refused(f"The database is of a newer version, which has {newer[0][0]}.{newer[0][1]}.")
            _write_rows(writer, found, migrations, with_files, progress)
            if with_files:
                _list_files(listed)
        listed.seek(0)
        total = sum(json.loads(line)[2] for line in listed)
        listed.seek(0)
        for line in listed:
            _write_file(writer, found, json.loads(line), warn)
            progress("files", found.bytes / total if total else 1)
    for name in KEYS:
        path = settings.DATA_DIR / name
        if path.is_file():
            writer.add(f"keys/{name}", path.read_bytes())
    writer.end({"rows": found.rows, "files": found.files, "bytes": found.bytes, "missing": found.missing})
    found.size = writer.written
    row.size, row.rows, row.files, row.missing = found.size, found.rows, found.files, found.missing
    return found


def fingerprint() -> str:
    """A value that differs for another SECRET_KEY, but does not reveal it."""
    return salted_hmac("backups", "the same key", algorithm="sha256").hexdigest()[:32]


def _write_rows(
    writer: Writer, found: Found, migrations: list[tuple[str, str]], with_files: bool, progress: Progress
) -> None:
    models = tables.of_state(migrations)
    head: dict[str, Any] = {
        "format": FORMAT,
        "made": timezone.now().isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": migrations,
        "tables": {name: tables.columns(model) for name, model in models.items()},
        "sequences": tables.sequences(),
        "files": with_files,
        "key": fingerprint(),
    }
    writer.add(HEAD, json.dumps(head).encode())
    for place, (name, model) in enumerate(models.items()):
        progress("rows", place / len(models))
        for number, (count, data) in enumerate(_chunks(tables.lines(model)), 1):
            found.rows += count
            writer.add(f"rows/{name}/{number:06}.jsonl.gz", gzip.compress(data, 6, mtime=0))
    progress("rows", 1)


def _chunks(lines: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    held, size = [], 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= CHUNK:
            yield len(held), b"".join(held)
            held, size = [], 0
    if held:
        yield len(held), b"".join(held)


def _list_files(listed: IO[bytes]) -> None:
    rows = Blob._base_manager.order_by("pk").only("digest", "size", "store", "kept_as", "preview")
    for blob in rows.iterator(tables.AT_ONCE):
        sides = (blob.preview or {}).get("sides", ())
        line = [
            blob.store,
            blob.place,
            blob.size,
            blob.digest,
            [places.preview_place(blob.place, side) for side in sides],
        ]
        listed.write(json.dumps(line).encode() + b"\n")


def _write_file(writer: Writer, found: Found, listed: list[Any], warn: Callable[[str], None]) -> None:
    store, place, size, digest, previews = listed
    try:
        if _copy(writer, store, place) != digest:
            found.missing += 1
            warn(f"{digest}: its bytes are not those that were sent")
        found.files += 1
    except FileNotFoundError:
        found.missing += 1
        warn(f"{digest}: its bytes are missing")
        return
    finally:
        found.bytes += size
    for name in previews:
        try:
            _copy(writer, store, name)
        except FileNotFoundError:
            warn(f"{digest}: a small picture of it is missing")


def _copy(writer: Writer, store: str, place: str) -> str:
    if store == places.LOCAL:
        return _add(writer, places.local_path(place), place)
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:  # a download from the bucket may break off
        copy = Path(folder) / "copy"
        places.fetch(store, place, copy)
        return _add(writer, copy, place)


def _add(writer: Writer, path: Path, place: str) -> str:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        return writer.add_stream(f"files/{place}", size, iter(lambda: file.read(PIECE), b""))
