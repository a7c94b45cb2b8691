"""Reads the text of documents and draws previews of the first page, while a file is uploaded. If the machine is too
busy, the file is marked as due, and read later."""

import asyncio
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import child_process
from .document_process import read_text
from .incoming import IncomingFile, Previews, Text
from .media_types import HTML, PDF, TEXT
from .previews import previews_in

DOCUMENTS = frozenset({TEXT, HTML, PDF})
SMALL = 64 * 1024  # bytes of a text that is read in this process
BEGINNING, BEGINNING_LINES = 400, 8  # characters and lines that a card shows at most


async def read_document(incoming: IncomingFile) -> None:
    """Read a complete file, if it is a document."""
    if incoming.type not in DOCUMENTS:
        return
    path, folder = incoming.path, incoming.previews_folder
    try:
        incoming.text, incoming.previews = await read_document_of(path, incoming.type, folder)
    except TimeoutError:
        incoming.text_due = True


async def read_document_of(
    path: Path, type: str, folder: Path, late: bool = False
) -> tuple[Text | None, Previews | None]:
    """Text and previews; None: there is none. type: one of DOCUMENTS. folder: is created for the previews. late: nobody
    waits. Raises TimeoutError when it is too busy now."""
    if type != PDF and (read := await asyncio.to_thread(_read_here, path)):
        return _text_of(read), None
    previews = None
    try:
        found = list(_lines(await child_process.run("files.document_process", path, folder, type, late=late)))
        previews = next(filter(None, (previews_in(each, folder) for each in found)), None)
    finally:
        if previews is None:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    return _text_of(found), previews


def _read_here(path: Path) -> list[dict[str, Any]]:
    """Read a small text in UTF-8 here, since a child process would take longer. []: it is not one."""
    if path.stat().st_size > SMALL:
        return []
    data = path.read_bytes()
    try:
        data.decode()
    except UnicodeDecodeError:
        return []
    return list(read_text(io.BytesIO(data)))


def _lines(said: bytes) -> Iterator[dict[str, Any]]:
    """Parse a child's output, whose last line may be cut off."""
    for line in said.splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            return
        if isinstance(found, dict):
            yield found


def _text_of(found: list[dict[str, Any]]) -> Text | None:
    pages = tuple(each["text"] for each in found if isinstance(each.get("text"), str))
    if not pages:
        return None
    cut = next((bool(each["cut"]) for each in found if "cut" in each), True)  # without "cut", the child was ended early
    about = {"pages": len(pages), "characters": sum(map(len, pages)), "cut": cut, "beginning": beginning_of(pages[0])}
    return Text(pages, about)


def beginning_of(page: str) -> str:
    """The first lines, without blank lines at the beginning and the end."""
    lines = [line.expandtabs(4).rstrip() for line in page[: 2 * BEGINNING].strip("\n").split("\n")]
    text = "\n".join(lines[:BEGINNING_LINES]).strip("\n")
    return text if len(text) <= BEGINNING else text[: BEGINNING - 1].rstrip() + "…"
