"""The limits of HTTP requests, in one table, and the responses to requests that exceed them."""

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
from rooms.kernel.uploads import target_of

if TYPE_CHECKING:
    from uvicorn._types import HTTPScope

KIB, MIB = 1024, 1024 * 1024

MAX_HEAD = 32 * KIB  # request line and headers
MAX_HEADERS = 128
HEAD_SECONDS = 10  # from its first byte, or from the start of the connection
MAX_BODY = MIB
# Limits of particular paths; the first pattern that matches applies. Bodies larger than FILE_UPLOAD_MAX_MEMORY_SIZE
# would be written to disk before the sender is authenticated.
BODY_LIMITS = ((re.compile("/api/"), 64 * KIB),)
FREE_CHUNKS, BYTES_PER_CHUNK = 256, 256  # a body may have 256 chunks of any size, and one more for every 256 bytes
BODY_SECONDS, MIN_BODY_RATE = 20, 4 * KIB  # a body may take 20 s; later its average must be 4 KiB/s
MAX_PENDING_BYTES = 16 * MIB  # unanswered requests of one address block
MAX_PIPELINED = 16  # requests waiting behind the current one on a connection
WRITE_STALL_SECONDS = 30  # in which the client must read some of a response

# How often each status was sent instead of the application's response, for mysite/monitoring/status.py.
refusal_counts: Counter[int] = Counter()

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


def body_limit(scope: "HTTPScope") -> int:
    """The largest body, in bytes, of this request."""
    path = scope["path"]
    if target := target_of(scope["method"], path, scope["headers"]):
        return target.max_body
    return next((most for pattern, most in BODY_LIMITS if pattern.match(path)), MAX_BODY)


def is_streamed(scope: "HTTPScope") -> bool:
    """Whether its body is read as it comes in, and never held as a whole."""
    return target_of(scope["method"], scope["path"], scope["headers"]) is not None


def max_chunks(size: int) -> int:
    """How many chunks a body of so many bytes may have. (For each chunk the parser calls Python.)"""
    return FREE_CHUNKS + size // BYTES_PER_CHUNK


def refusal_response(status: int, scope: "HTTPScope | None") -> bytes:
    """A complete HTTP response. The caller closes the connection. scope: the request's, if its head was read."""
    refusal_counts[status] += 1
    path = scope["path"] if scope else ""
    with translation.override(_accepted_language(scope["headers"] if scope else ())):
        params = {"limit": (body_limit(scope) if scope else MAX_BODY) // KIB} if status == 413 else {}
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


def _accepted_language(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The first supported language of Accept-Language. (Django would need a request, which does not exist yet.)"""
    known = {code for code, _name in settings.LANGUAGES}
    for name, value in headers:
        if name == b"accept-language":
            for part in value.decode("latin-1").split(","):
                language = part.partition(";")[0].strip()[:2].lower()
                if language in known:
                    return language
    return settings.LANGUAGE_CODE
