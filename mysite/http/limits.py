"""What one HTTP request may cost: the one table of limits, and the answers to those who go beyond them."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from http import HTTPStatus

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

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

_REASONS = {
    400: _("This is not a valid HTTP request."),
    408: _("The request took too long."),
    413: _("The request is too large; at most %(most)s KiB are possible."),
    414: _("The address is too long."),
    429: _("Too many requests at once. Try again in a moment."),
    431: _("The headers of the request are too large."),
}
_CODES = {413: "too_long", 429: "rate_limited"}  # of errors of the API


def body_limit(path: str) -> int:
    """Bytes that the body of a request to this (decoded) path may have."""
    return next((most for pattern, most in BODY_LIMITS if pattern.match(path)), MAX_BODY)


def most_chunks(size: int) -> int:
    """In how many chunks a body of so many bytes may come: each is a call from the parser into Python."""
    return FREE_CHUNKS + size // BYTES_A_CHUNK


def refusal(status: int, scope: dict | None) -> bytes:
    """A whole answer, after which the connection is closed. scope: the request's, when its head was read."""
    refused[status] += 1
    path = scope["path"] if scope else ""
    with translation.override(_language(scope["headers"] if scope else ())):
        text = str(_REASONS[status]) % {"most": body_limit(path) // KIB}
    if path.startswith("/api/"):
        kind = "application/json"
        body = json.dumps({"code": _CODES.get(status, "invalid"), "message": text}).encode()
    else:
        kind, body = "text/plain; charset=utf-8", f"{text}\n".encode()
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        f"content-type: {kind}",
        f"content-length: {len(body)}",
        "cache-control: no-store",
        "connection: close",
        *(["retry-after: 5"] if status == 429 else []),
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
