"""Sends files: pieces are read in a thread, and only when the reader has taken those before. A reader who is slow
holds a file open, and no thread.

(Django's FileResponse is read as a whole into memory under ASGI, in one thread.)
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from .media_types import INLINE
from .ranges import ByteRange, Unsatisfiable, matches, parse_range
from .store import path_of, place_of, storage

PIECE = 256 * 1024  # bytes
# Nothing in it runs, whatever a browser takes it for, and it can load nothing.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'"


class PiecewiseResponse(StreamingHttpResponse):
    """The bytes of a range of an open file, for either kind of server."""

    def __init__(self, file: IO[bytes], wanted: ByteRange, **named) -> None:
        super().__init__(_pieces(file, wanted), **named)
        self._resource_closers.append(file.close)  # type: ignore[attr-defined]  # as Django's FileResponse does

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = iter(self)
        while piece := await asyncio.to_thread(next, pieces, b""):
            yield piece


def respond(
    request: HttpRequest, digest: str, *, name: str, type: str, size: int, cache: str = "private, no-cache"
) -> HttpResponseBase:
    """The answer to a GET or HEAD request for a blob, after the asker's rights. FileNotFoundError when its bytes are
    gone."""
    headers = _headers(digest, name, type, cache)
    etag = headers["ETag"]
    if (known := request.headers.get("If-None-Match")) and matches(known, etag):
        return HttpResponse(status=304, headers=headers)
    if settings.FILES_SENDFILE:
        return _handed_over(digest, type, headers)
    asked = request.headers.get("Range") if request.headers.get("If-Range", etag) == etag else None
    try:
        part = parse_range(asked, size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    wanted = part or ByteRange(0, size - 1)
    headers["Content-Length"] = str(wanted.size)
    if part:
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    status = 206 if part else 200
    if request.method == "HEAD" or not wanted.size:
        return HttpResponse(status=status, content_type=type, headers=headers)
    return PiecewiseResponse(storage().open(place_of(digest)), wanted, status=status, content_type=type,
                             headers=headers)  # fmt: skip


def _headers(digest: str, name: str, type: str, cache: str) -> dict[str, str]:
    return {
        "ETag": f'"{digest[:32]}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": cache,
        "Content-Disposition": content_disposition_header(type not in INLINE, name) or "attachment",
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


def _handed_over(digest: str, type: str, headers: dict[str, str]) -> HttpResponse:
    """The proxy sends the bytes, with ranges."""
    if settings.FILES_SENDFILE.startswith("/"):
        headers["X-Accel-Redirect"] = quote(settings.FILES_SENDFILE.rstrip("/") + "/" + place_of(digest))
    else:
        headers["X-Sendfile"] = str(path_of(digest))
    return HttpResponse(content_type=type, headers=headers)


def _pieces(file: IO[bytes], wanted: ByteRange) -> Iterator[bytes]:
    with file:
        file.seek(wanted.first)
        left = wanted.size
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
