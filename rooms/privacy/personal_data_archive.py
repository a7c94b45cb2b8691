"""A user's data as a zip archive with `data.json`, `data.md` and their files, generated while it is sent or saved."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import orjson
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from files.places import open_blob

from ..kernel.protocol import timestamp
from ..models import Attachment
from ..services import pictures
from .labels import LABELS
from .personal_data import PICTURE_IN_ARCHIVE, Section, iter_sections, own_files, path_in_archive

PIECE = 256 * 1024  # bytes of a file
ROWS_PER_CHUNK = 200  # so that generating a chunk takes a bounded time
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#!|~])")


def archive(user: User) -> Iterator[bytes]:
    """Yield chunks of the archive, which may be empty. At most ROWS_PER_CHUNK rows are read for each.

    Data may change between the two files, because each is read from the database while it is written.
    """
    sink = _Buffer()
    with ZipFile(sink, "w", ZIP_DEFLATED) as zip:
        for name, write in (("data.json", _json), ("data.md", _markdown)):
            with zip.open(f"{user.username}/{name}", "w") as file:
                for number, piece in enumerate(write(user)):
                    file.write(piece.encode())
                    if not piece or number % ROWS_PER_CHUNK == ROWS_PER_CHUNK - 1:
                        yield sink.take()
        for attachment in chain.from_iterable(own_files(user)):
            yield from _add_file(zip, sink, user, attachment)
        if picture := pictures.of_person(user.pk, user.picture, "large"):
            zip.writestr(f"{user.username}/{PICTURE_IN_ARCHIVE}", picture)
    yield sink.take()


def _add_file(zip: ZipFile, sink: "_Buffer", user: User, attachment: Attachment) -> Iterator[bytes]:
    """Its bytes, as they are: most kinds of files are compressed already."""
    info = ZipInfo(f"{user.username}/{path_in_archive(attachment)}", attachment.created.timetuple()[:6])
    try:
        file = open_blob(attachment.blob)
    except FileNotFoundError:
        return
    with file, zip.open(info, "w", force_zip64=attachment.blob.size >= 2**31 - 1) as entry:
        while piece := file.read(PIECE):
            entry.write(piece)
            yield sink.take()


class _Buffer:
    """A file to write the archive to. It cannot seek, so ZipFile never returns to earlier bytes."""

    def __init__(self):
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def take(self) -> bytes:
        taken, self._written = bytes(self._written), bytearray()
        return taken


def _json(user: User) -> Iterator[str]:
    yield f'{{"made": {_value(timezone.now())}'
    for section in iter_sections(user):
        yield f',\n"{section.key}": '
        if isinstance(section.rows, dict):
            yield _object(section.rows)
            continue
        separator = "[\n"
        for row in section.rows:
            yield separator + _object(row) if row else ""
            separator = ",\n" if row else separator
        yield "[]" if separator == "[\n" else "\n]"
    yield "\n}\n"


def _object(row: dict) -> str:
    return orjson.dumps({name: _plain(value) for name, value in row.items()}).decode()


def _value(value) -> str:
    return orjson.dumps(_plain(value)).decode()


def _plain(value):
    return timestamp(value) if isinstance(value, datetime) else value


def _markdown(user: User) -> Iterator[str]:
    title = _("Data of %(name)s") % {"name": _escape(user.username)}
    made = _("Created on %(time)s. All times are UTC.") % {"time": _format(timezone.now())}
    yield f"# {title}\n\n{made}\n"
    for section in iter_sections(user):
        yield f"\n## {section.title}\n\n"
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    if isinstance(section.rows, dict):
        yield from (f"- {line}\n" for line in _label_values(section.rows))
        return
    empty = True
    for row in section.rows:
        empty = empty and row is None
        yield _row(row) if row else ""
    if empty:
        yield _("Nothing.") + "\n"


def _row(row: dict) -> str:
    return _with_text(row) if "text" in row else f"- {' · '.join(_label_values(row))}\n"


def _with_text(row: dict) -> str:
    """A message: a line about it, then its source in a fence longer than any fence inside."""
    about = " · ".join(_label_values({name: value for name, value in row.items() if name != "text"}))
    fence = "~" * max(3, 1 + max(map(len, re.findall("~+", row["text"])), default=0))
    return f"{about}\n\n{fence}\n{row['text']}\n{fence}\n\n"


def _label_values(row: dict) -> Iterable[str]:
    """Each value with its label; empty values are left out."""
    return [f"{LABELS[name]}: {_format(value)}" for name, value in row.items() if value not in (None, "")]


def _format(value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return timestamp(value).replace("T", " ")[:19]
    return _escape(" ".join(str(value).split()))


def _escape(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)
