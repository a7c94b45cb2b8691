"""Requests to issuers: bounded in time, in size and in number, without redirects and proxies.

Whoever set an issuer up chose its address: the environment any, staff only public ones (Issuer.private).
"""

import asyncio
import json
import ssl
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from .issuer import Issuer, is_loopback

SECONDS = 8.0  # for one request, its connection included
MAX_BYTES = 512 * 1024  # of an answer
AT_ONCE = 4  # requests of one process: an issuer that hangs does not take all threads
WAIT = 2.0  # seconds for a turn
_turns = threading.BoundedSemaphore(AT_ONCE)


class IssuerAway(Exception):
    """It did not answer, or not with JSON. The text says what happened, for the log and for staff."""


def get(issuer: Issuer, url: str, headers: Mapping[str, str] | None = None) -> Any:
    """The JSON at an address. Raises IssuerAway, also for any other status than 200."""
    status, found = _request(issuer, "GET", url, headers or {}, b"")
    if status != 200:
        raise IssuerAway(f"{url} answered {status}")
    return found


def post(issuer: Issuer, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Any]:
    """The status and the JSON of an answer. Raises IssuerAway."""
    sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return _request(issuer, "POST", url, sent, urlencode(form).encode())


def _request(issuer: Issuer, method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Any]:
    import httpcore2  # here and below: only processes that ask an issuer load it

    if not url.startswith("https://") and not (url.startswith("http://") and issuer.private and is_loopback(url)):
        raise IssuerAway(f"{url} is no address that begins with https://")
    if not _turns.acquire(timeout=WAIT):
        raise IssuerAway("too many requests to issuers are on their way")
    try:
        status, answer = _in_thread(lambda: asyncio.run(_send(issuer, method, url, headers, body)))
    except (TimeoutError, httpcore2.TimeoutException):
        raise IssuerAway(f"{url} did not answer within {SECONDS:.0f} seconds") from None
    except (OSError, httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol) as error:
        raise IssuerAway(f"{url}: {error}") from None
    try:
        return status, json.loads(answer)
    except (ValueError, RecursionError):
        raise IssuerAway(f"{url} answered {status}, and not with JSON") from None


def _in_thread(send: Callable[[], tuple[int, bytearray]]) -> tuple[int, bytearray]:
    """What it returns or raises. A name look-up that hangs cannot be cancelled: then its thread is left behind, and
    keeps its turn."""
    answer: Future[tuple[int, bytearray]] = Future()

    def run() -> None:
        try:
            answer.set_result(send())
        except BaseException as error:  # noqa: BLE001 - for the thread that waits
            answer.set_exception(error)
        finally:
            _turns.release()

    threading.Thread(target=run, name="issuer", daemon=True).start()
    return answer.result(SECONDS + 1)


async def _send(
    issuer: Issuer, method: str, url: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, bytearray]:
    import httpcore2

    from common.public_network import PublicBackend

    sent = [("Host", urlsplit(url).netloc), ("Accept", "application/json"), ("User-Agent", "Roundtable")]
    pool = httpcore2.AsyncConnectionPool(_tls(), network_backend=PublicBackend(issuer.private))
    found = bytearray()
    async with (
        asyncio.timeout(SECONDS),
        pool,
        pool.stream(method, url, headers=[*sent, *headers.items()], content=body) as response,
    ):
        async for piece in response.aiter_stream():
            found += piece
            if len(found) > MAX_BYTES:
                raise IssuerAway(f"{url} answered with more than {MAX_BYTES} bytes")
    return response.status, found


@cache
def _tls() -> ssl.SSLContext:
    import httpcore2

    return httpcore2.default_ssl_context()
