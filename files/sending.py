"""Sends files. Each piece is read in a thread, once the client has taken those before it.

So a slow client keeps a file open, but no thread. (Under ASGI, Django's FileResponse reads the whole file into memory.)
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from . import places
from .links import LINK_SECONDS, is_files_host
from .media_types import INLINE, PDF
from .models import Blob
from .ranges import ByteRange, Unsatisfiable, matches, parse_range

PIECE = 256 * 1024  # bytes
# No script runs in it, whatever type a browser assumes, and it can load nothing from elsewhere.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'"


class PiecewiseResponse(StreamingHttpResponse):
    """The bytes of a range of an open file, for WSGI and ASGI."""

    def __init__(self, file: IO[bytes], wanted: ByteRange, **named) -> None:
        super().__init__(_pieces(file, wanted), **named)
        self._resource_closers.append(file.close)  # type: ignore[attr-defined]  # as Django's FileResponse does

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = iter(self)
        while piece := await asyncio.to_thread(next, pieces, b""):
            yield piece


@dataclass(frozen=True, slots=True)
class Content:
    """A file that is sent. store, place: where it is (places.py). version: changes with the bytes."""

    store: str
    place: str
    version: str
    name: str
    type: str
    size: int
    cache: str = "private, no-cache"


def content_of(blob: Blob, name: str) -> Content:
    """All that sending needs, so that no query is made later. name: under which a browser saves it."""
    return Content(blob.store, blob.place, blob.digest[:32], name, blob.type, blob.size)


def preview_of(blob: Blob, name: str, side: int) -> Content:
    """A preview of it. Raises FileNotFoundError where there is none."""
    if side not in (blob.preview or {}).get("sides", ()):
        raise FileNotFoundError
    place = places.preview_place(blob.place, side)
    size = places.size_in(blob.store, place) if blob.store == places.LOCAL else 0  # not used for a bucket
    version = f"{blob.digest[:32]}-{side}"
    return Content(blob.store, place, version, f"{name}.webp", "image/webp", size, "private, max-age=3600")


def respond(request: HttpRequest, content: Content) -> HttpResponseBase:
    """The answer to GET or HEAD. The caller has checked rights. Raises FileNotFoundError when the bytes are gone."""
    headers = _headers(content) | (_apart(content) if is_files_host(request.get_host()) else {})
    etag = headers["ETag"]
    if (known := request.headers.get("If-None-Match")) and matches(known, etag):
        return HttpResponse(status=304, headers=headers)
    if content.store != places.LOCAL:
        return _elsewhere(request, content)
    if settings.FILES_SENDFILE:
        return _handed_over(content, headers)
    asked = request.headers.get("Range") if request.headers.get("If-Range", etag) == etag else None
    try:
        part = parse_range(asked, content.size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{content.size}"})
    wanted = part or ByteRange(0, content.size - 1)
    headers["Content-Length"] = str(wanted.size)
    if part:
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{content.size}"
    named: dict[str, Any] = {"status": 206 if part else 200, "content_type": content.type, "headers": headers}
    if request.method == "HEAD" or not wanted.size:
        return HttpResponse(**named)
    return PiecewiseResponse(places.open_in(content.store, content.place), wanted, **named)


def _elsewhere(request: HttpRequest, content: Content) -> HttpResponse:
    """A redirect to a link that works for LINK_SECONDS. People who lose the right get no new one."""
    link = places.s3().link(
        content.place,
        LINK_SECONDS,
        request.method,
        ResponseContentType=content.type,
        ResponseContentDisposition=_disposition(content),
        ResponseCacheControl=content.cache,
    )
    return point_to(link, content)


def point_to(link: str, content: Content) -> HttpResponse:
    """Redirect to a link. Browsers may cache the redirect of a preview for half of LINK_SECONDS."""
    kept = f"private, max-age={LINK_SECONDS // 2}" if "max-age" in content.cache else "private, no-store"
    return HttpResponse(status=302, headers={"Location": link, "Cache-Control": kept, "Referrer-Policy": "no-referrer"})


def _disposition(content: Content) -> str:
    return content_disposition_header(content.type not in INLINE, content.name) or "attachment"


def _headers(content: Content) -> dict[str, str]:
    return {
        "ETag": f'"{content.version}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": content.cache,
        "Content-Disposition": _disposition(content),
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


def _apart(content: Content) -> dict[str, str]:
    """At the separate origin our pages may embed files, and PDFs can be opened: there are no cookies to steal."""
    headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Referrer-Policy": "no-referrer"}
    if content.type == PDF:  # PDF viewers do not start in a sandbox
        inline = content_disposition_header(False, content.name) or "inline"
        headers |= {"Content-Disposition": inline, "Content-Security-Policy": "default-src 'none'; object-src 'self'"}
    return headers


def _handed_over(content: Content, headers: dict[str, str]) -> HttpResponse:
    """The proxy sends the bytes, with ranges."""
    if settings.FILES_SENDFILE.startswith("/"):
        headers["X-Accel-Redirect"] = quote(settings.FILES_SENDFILE.rstrip("/") + "/" + content.place)
    else:
        headers["X-Sendfile"] = str(places.local_path(content.place))
    return HttpResponse(content_type=content.type, headers=headers)


def _pieces(file: IO[bytes], wanted: ByteRange) -> Iterator[bytes]:
    with file:
        file.seek(wanted.first)
        left = wanted.size
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
