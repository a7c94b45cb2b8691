"""What one HTTP request may cost: the one table of limits, and the answers to those who go beyond them."""

import re
from collections import Counter
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from rooms.kernel.errors import ChatError
from rooms.kernel.protocol import error_fields
from rooms.kernel.reasons import register

if TYPE_CHECKING:
    from uvicorn._types import HTTPScope

KIB, MIB = 1024, 1024 * 1024

MAX_HEAD = 32 * KIB  # the request line and all headers
MAX_HEADERS = 128
HEAD_SECONDS = 10  # from its first byte, or from the connection
MAX_BODY = MIB
# Paths with a limit of their own, as regular expressions; the first that matches counts. Anything larger than
# FILE_UPLOAD_MAX_MEMORY_SIZE would go to the disk before anybody knows who sends it.
BODY_LIMITS = ((re.compile("/api/"), 64 * KIB),)
FREE_CHUNKS, BYTES_A_CHUNK = 256, 256  # a body may have so many chunks of any size, and one more for so many bytes
BODY_SECONDS, BODY_RATE = 20, 4 * KIB  # so long, and then at least so many bytes a second since it began
MAX_UNFINISHED = 16 * MIB  # bytes of requests of one address block that are not answered yet
MAX_WAITING = 16  # requests behind the one that is being answered, on one connection
TAKE_SECONDS = 30  # in which some of an answer must be taken

# Answers that were given instead of the application's, by status: for staff (mysite/monitoring/status.py).
refused: Counter[int] = Counter()

register(
    "invalid",
    http_malformed=_("This is not a valid HTTP request."),
    request_too_slow=_("The request took too long."),
    address_too_long=_("The address is too long."),
    headers_too_large=_("The headers of the request are too large."),
)
register("rate_limited", too_many_requests=_("Too many requests at once. Try again in a moment."))
_REASONS = {
    400: "http_malformed",
    408: "request_too_slow",
    413: "request_too_large",
    414: "address_too_long",
    429: "too_many_requests",
    431: "headers_too_large",
}
RETRY_AFTER = 5  # seconds


def body_limit(path: str) -> int:
    """Bytes that the body of a request to this (decoded) path may have."""
    return next((most for pattern, most in BODY_LIMITS if pattern.match(path)), MAX_BODY)


def most_chunks(size: int) -> int:
    """In how many chunks a body of so many bytes may come: each is a call from the parser into Python."""
    return FREE_CHUNKS + size // BYTES_A_CHUNK


def refusal(status: int, scope: "HTTPScope | None") -> bytes:
    """A whole answer, after which the connection is closed. scope: the request's, when its head was read."""
    refused[status] += 1
    path = scope["path"] if scope else ""
    with translation.override(_language(scope["headers"] if scope else ())):
        params = {"limit": body_limit(path) // KIB} if status == 413 else {}
        error = ChatError(_REASONS[status], RETRY_AFTER if status == 429 else None, **params)
        kind, body = "text/plain; charset=utf-8", f"{error.message}\n".encode()
        if path.startswith("/api/"):
            kind, body = "application/json", orjson.dumps(error_fields(error))
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        f"content-type: {kind}",
        f"content-length: {len(body)}",
        "cache-control: no-store",
        "connection: close",
        *([f"retry-after: {RETRY_AFTER}"] if error.retry_after else []),
    ]
    head = "\r\n".join([*lines, "", ""]).encode()
    return head if scope and scope.get("method") == "HEAD" else head + body


def _language(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The first language asked for that there is. (Django reads it from a request, and there is none yet.)"""
    known = {code for code, _name in settings.LANGUAGES}
    for name, value in headers:
        if name == b"accept-language":
            for part in value.decode("latin-1").split(","):
                language = part.partition(";")[0].strip()[:2].lower()
                if language in known:
                    return language
    return settings.LANGUAGE_CODE
