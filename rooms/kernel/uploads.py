"""Requests that bring files: which they are, and what has come in with one. Files are taken from the body before Django
sees the request (rooms/api/upload_stream.py); a view finds them in the ASGI scope, where no client can put anything."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from files.incoming import IncomingFile
from site_settings import current

from .errors import ChatError
from .wire import MAX_FILES

MIB = 1024 * 1024
SCOPE_KEY = "uploads"
_FORM = b"multipart/form-data"
FIELDS_SIZE = 256 * 1024  # bytes of a form without its files: a message, and the heads of the parts
_ADDRESSES = re.compile(r"/api/rooms/(?P<room>[^/]+)/files|/chat/(?P<page>[^/]+)/|/dm/(?P<person>[^/]+)/")
_PICTURES = re.compile(r"(?P<api>/api)?/(?:rooms|chat|people)/[^/]+/(?:avatar|picture/)")
MAX_PICTURE_SIZE = 10 * MIB  # of a person or a room
_PIECES = re.compile(r"/api/uploads/(?P<key>[^/]+)")
PIECE_TYPE = b"application/offset+octet-stream"


@dataclass(frozen=True, slots=True)
class Target:
    """What files are sent to. room: a name; None for a direct message, which may not have begun. piece_of: the key of
    an upload, of which this is a part."""

    room: str | None
    is_page: bool
    is_picture: bool = False  # of a person or a room: only squares are kept of it
    piece_of: str | None = None

    @property
    def max_files(self) -> int:
        return MAX_FILES if self.is_page and not self.is_picture else 1

    @property
    def max_size(self) -> int:
        """Bytes of one file."""
        return min(MAX_PICTURE_SIZE, max_file_size()) if self.is_picture else max_file_size()

    @property
    def max_body(self) -> int:
        """In bytes: all files and the fields of the form."""
        return self.max_files * self.max_size + FIELDS_SIZE


@dataclass(slots=True)
class Received:
    """error: why nothing was taken."""

    files: list[IncomingFile] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    error: ChatError | None = None


def max_file_size() -> int:
    """In bytes, from MAX_UPLOAD_MB."""
    return current.number("MAX_UPLOAD_MB") * MIB


def target_of(method: str, path: str, headers: Iterable[tuple[bytes, bytes]]) -> Target | None:
    """Of a request that is a form with files, to an address that takes some; None for every other."""
    if method == "PATCH" and (piece := _PIECES.fullmatch(path)) and content_type(headers) == PIECE_TYPE:
        return Target(None, is_page=False, piece_of=piece["key"])
    if method != "POST" or not content_type(headers).lower().startswith(_FORM):
        return None
    if picture := _PICTURES.fullmatch(path):
        return Target(None, is_page=not picture["api"], is_picture=True)
    found = _ADDRESSES.fullmatch(path)
    if found is None:
        return None
    return Target(found["room"] or found["page"], is_page=not found["room"])


def content_type(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The header's value as it came, with its parameters; empty without one. Names of ASGI headers are lower case."""
    return next((value for name, value in headers if name == b"content-type"), b"")


def received_with(request: Any) -> Received:
    """What came in with a Django request. Raises ChatError when it was refused."""
    scope: Mapping = getattr(request, "scope", {})
    received: Received = scope.get(SCOPE_KEY) or Received()
    if received.error:
        raise received.error
    return received


def brought_files(request: Any) -> bool:
    """Whether it was counted already, where its files were taken."""
    return SCOPE_KEY in getattr(request, "scope", {})
