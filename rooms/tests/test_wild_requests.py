"""Requests and handshakes of every kind on real sockets: a right answer, never a fault of ours, and no traceback."""

import asyncio
import io
import logging
import random
import re
import socket

import pytest

from accounts.models import Token
from mysite.http import limits
from mysite.tests.waiting import PATIENCE

from .live import cookie
from .wild import a_handshake, a_request

pytestmark = pytest.mark.django_db(transaction=True)

REQUESTS, HANDSHAKES, AT_ONCE = 2500, 400, 25


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Half a request is given up soon."""
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.3)


@pytest.fixture
def log(monkeypatch) -> io.StringIO:
    """What the server writes to standard error."""
    [handler] = [handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler]
    monkeypatch.setattr(handler, "stream", io.StringIO())
    return handler.stream


async def answer_to(port: int, data: bytes) -> bytes:
    """What comes first on a connection; empty when it is closed without a word."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        return await asyncio.wait_for(reader.read(65536), PATIENCE)
    except ConnectionError:
        return b""
    finally:
        writer.transport.abort()


async def answers_to(port: int, all_data: list[bytes]) -> list[bytes]:
    """AT_ONCE on their way all the time: what is waited for holds nobody else up."""
    places = asyncio.Semaphore(AT_ONCE)

    async def answered(data: bytes) -> bytes:
        async with places:
            return await answer_to(port, data)

    return await asyncio.gather(*map(answered, all_data))


def status_of(answer: bytes, data: bytes) -> int:
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    assert found, (data[:300], answer[:300])
    return int(found[1])


def no_fault_is_in(log: str) -> None:
    assert " WARNING django.request: Not Found: " in log  # it is the right one
    assert "Traceback" not in log and not re.findall(r"^.* (?:ERROR|CRITICAL) .*$", log, re.M)


@pytest.mark.long
def test_wild_requests(tried, web, alice, lobby, log):
    generator, session = random.Random(853), cookie(alice)
    requests = [a_request(generator, session) for _ in range(REQUESTS)]
    answers = asyncio.run(answers_to(web.port, requests))
    counts: dict[int, int] = {}
    for data, answer in zip(requests, answers, strict=True):
        status = status_of(answer, data) if answer else 0
        # What reports that something else is away may say so, on a machine that is busy.
        assert status < 500 or (status == 503 and b'"status"' in answer), (data[:500], answer[:500])
        assert b"Traceback" not in answer
        counts[status] = counts.get(status, 0) + 1
    no_fault_is_in(log.getvalue())
    assert counts.get(0, 0) < REQUESTS / 10  # torn off before anything was said
    assert {200, 302, 400, 403, 404, 405, 408, 413, 414} <= counts.keys(), counts
    tried("wild requests", REQUESTS)


def test_wild_handshakes(tried, web, alice, lobby, log):
    secret = Token.issue(alice, "wild")[1]
    access = [f"Cookie: {cookie(alice)}"] * 4 + [f"Authorization: Bearer {secret}"] * 3
    access += ["", "Cookie: sessionid=x", "Authorization: Bearer x", "Authorization: Basic \xff", "Cookie: \xff"]
    generator = random.Random(150)
    handshakes = [a_handshake(generator, web.port, access) for _ in range(HANDSHAKES)]
    answers = asyncio.run(answers_to(web.port, handshakes))
    counts: dict[int, int] = {}
    for data, answer in zip(handshakes, answers, strict=True):
        status = status_of(answer, data)
        assert status < 500, (data, answer[:500])
        counts[status] = counts.get(status, 0) + 1
    no_fault_is_in(log.getvalue())
    assert {101, 400, 403, 404} <= counts.keys(), counts
    tried("wild handshakes", HANDSHAKES)


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        (["Content-Length: 5", "Content-Length: 6"], "hello!"),
        (["Content-Length: 5", "Transfer-Encoding: chunked"], "0\r\n\r\n"),
        (["Transfer-Encoding: chunked", "Content-Length: 5"], "0\r\n\r\n"),
        (["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], "0\r\n\r\n"),
        (["Transfer-Encoding : chunked"], "0\r\n\r\n"),
        (["Transfer-Encoding: xchunked"], "0\r\n\r\n"),
        (["Transfer-Encoding:\x0bchunked"], "0\r\n\r\n"),
        (["Content-Length: 0x5"], "hello"),
        (["Content-Length: +5"], "hello"),
        (["Content-Length: 5, 6"], "hello"),
        (["Content-Length: 5\r\n : 6"], "hello"),
        (["Transfer-Encoding: chunked"], "5 \r\nhello\r\n0\r\n\r\n"),
        (["Transfer-Encoding: chunked"], "0x5\r\nhello\r\n0\r\n\r\n"),
        (["Transfer-Encoding: chunked"], "5\nhello\n0\n\n"),
        (["Transfer-Encoding: chunked"], "ffffffffffffffff5\r\nhello\r\n0\r\n\r\n"),
    ],
)
def test_nobody_hides_a_request_in_another(web, lines, body):
    """Where two programs would not agree where a request ends, it is refused, and what follows is not read."""
    hidden = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    data = "\r\n".join(["POST /nope HTTP/1.1", "Host: localhost", *lines, "", body + hidden]).encode("latin-1")
    with socket.create_connection(("127.0.0.1", web.port), timeout=PATIENCE) as sock:
        sock.sendall(data)
        answer = b""
        while piece := sock.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1
