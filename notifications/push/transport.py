"""Sends requests to push services: many at once, each with a time limit, and to public addresses only.

Redirects are not followed, and proxies are not used.
"""

import asyncio
import queue
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore2

from common.public_network import PublicBackend

from .hosts import Service

AT_ONCE = 20  # requests
SECONDS = 10.0  # for one, its connection included
MAX_ANSWER = 4096  # bytes
LATE = "timeout"


@dataclass(frozen=True, slots=True)
class PushRequest:
    """number: the caller's own, to tell requests apart."""

    number: int
    endpoint: str
    service: Service
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """status: of HTTP; 0 when there was no answer. again_after: seconds, if it named them. code: the status, or
    why there was no answer: LATE, or the name of an exception. body: its beginning."""

    status: int
    again_after: float | None
    code: str
    body: bytes = b""


def send(requests: Sequence[PushRequest]) -> Iterator[tuple[PushRequest, Answer]]:
    """Yield each request with its answer, in the order in which the answers come."""
    answers: queue.SimpleQueue[tuple[PushRequest, Answer] | None] = queue.SimpleQueue()

    ended = threading.Event()  # the caller has stopped iterating

    def run() -> None:
        try:
            asyncio.run(_send_all(requests, answers, ended))
        finally:
            answers.put(None)

    threading.Thread(target=run, name="push", daemon=True).start()
    try:
        while (found := answers.get()) is not None:
            yield found
    finally:
        ended.set()


async def _send_all(requests: Sequence[PushRequest], answers: "queue.SimpleQueue[Any]", ended: threading.Event) -> None:
    turns = asyncio.Semaphore(AT_ONCE)
    pools = {
        trusted: httpcore2.AsyncConnectionPool(
            _tls(), max_connections=AT_ONCE, keepalive_expiry=SECONDS, network_backend=PublicBackend(trusted)
        )
        for trusted in {request.service.trusted for request in requests}
    }

    async def send_one(request: PushRequest) -> None:
        async with turns:
            if ended.is_set():
                return
            answers.put((request, await _post(pools[request.service.trusted], request)))

    await asyncio.gather(*map(send_one, requests))
    answers.put(None)  # before closing, which may hang: a running name look-up cannot be cancelled
    for pool in pools.values():
        await pool.aclose()


async def _post(pool: httpcore2.AsyncConnectionPool, request: PushRequest) -> Answer:
    headers = [("Host", request.service.origin.partition("://")[2]), *request.headers.items()]
    try:
        async with (
            asyncio.timeout(SECONDS),
            pool.stream("POST", request.endpoint, headers=headers, content=request.body) as response,
        ):
            given = {name.lower(): value for name, value in response.headers}
            body = await _read(response)
            return Answer(response.status, _seconds(given.get(b"retry-after", b"")), f"{response.status}", body)
    except (TimeoutError, httpcore2.TimeoutException):
        return Answer(0, None, LATE)
    except Exception as error:  # noqa: BLE001 - whatever one server does, the other requests are sent
        return Answer(0, None, type(error).__name__)


async def _read(response: httpcore2.Response) -> bytes:
    """Read the answer to its end, so that the connection can be used again, but at most MAX_ANSWER bytes."""
    found = b""
    async for piece in response.aiter_stream():
        found += piece
        if len(found) > MAX_ANSWER:
            break
    return found[:MAX_ANSWER]


@cache
def _tls() -> ssl.SSLContext:
    return httpcore2.default_ssl_context()


def _seconds(text: bytes) -> float | None:
    """The value of a header Retry-After in seconds; None for a date."""
    return float(text) if text.isdigit() and len(text) < 7 else None
