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

pytestmark = pytest.mark.django_db(transaction=True)

REQUESTS, HANDSHAKES, AT_ONCE = 2500, 400, 25
METHODS = ["GET", "GET", "POST", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"]
METHODS += ["PRI", "get", "G E T", "", "\x00", "FOO", "SUBSCRIBE", "X" * 300]
TARGETS = ["/", "/chat/", "/chat/lobby/", "/chat/nothing/", "/api/rooms", "/api/rooms/lobby/messages", "/healthz"]
TARGETS += [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/static/js/main.js",
    "/static/../.env",
]
TARGETS += [
    "/metrics",
    "/admin/",
    "/search/?q=%00",
    "/ws/chat/lobby/",
    "/chat/invite/x/",
    "http://localhost/chat/",
    "*",
]
TARGETS += [
    "http://evil.example/chat/",
    "//evil.example/",
    "localhost:443",
    "/%zz",
    "/%",
    "/%ff%fe",
    "/\xff",
    "/a b",
    "",
]
TARGETS += [
    "/chat/%00/",
    "/chat/../api/rooms",
    "/./chat/",
    "/chat/" + "x" * 3000 + "/",
    "/" + "y" * 40_000,
    "?",
    "#",
    "/?",
]
TARGETS += [
    "/api/rooms?limit=%ff",
    "/api/search?q=" + "z" * 5000,
    "http://[::1/",
    "/api/rooms/lobby/messages/9/receipt",
]
VERSIONS = ["HTTP/1.1"] * 12 + [
    "HTTP/1.0",
    "HTTP/1.0",
    "HTTP/0.9",
    "HTTP/2.0",
    "HTTP/3.7",
    "HTTP/1.1 x",
    "http/1.1",
    "",
]
HEADERS = [
    *(
        "Host: evil.example",
        "Host: localhost:99999",
        "Host: a b",
        "Host: ",
        "Host: [::1",
        "Host: \xff",
        "Host: localhost",
    ),
    *("Content-Length: 5", "Content-Length: -5", "Content-Length: +5", "Content-Length: 0x5", "Content-Length: 5, 5"),
    *("Content-Length: 99999999999999999999", "Content-Length: 2000000", "Content-Length:", "Content-Length: five"),
    *("Transfer-Encoding: chunked", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, chunked"),
    *("Transfer-Encoding: identity", "Transfer-Encoding: xchunked", "Transfer-Encoding : chunked"),
    *("Transfer-Encoding: gzip, chunked", "Transfer-Encoding:\x0bchunked", "Expect: 100-continue", "Expect: magic"),
    *("Connection: close", "Connection: keep-alive", "Connection: upgrade", "Upgrade: websocket", "Upgrade: h2c"),
    *("Upgrade: magic", "HTTP2-Settings: AAA", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: short"),
    *(
        "Cookie: sessionid=x",
        "Cookie: sessionid=%00\xff",
        "Cookie: =;;=",
        "Cookie: " + "a=b; " * 900,
        "Cookie: csrftoken=é",
    ),
    *("Authorization: Bearer x", "Authorization: Bearer", "Authorization: Basic \xff", "Authorization: Bearer \xff"),
    *(
        "Accept-Language: \xff, *;q=x",
        "Accept-Language: de",
        "Accept-Language: " + "en," * 600,
        "Accept-Encoding: br;q=x",
    ),
    *("Range: bytes=0-", "Range: bytes=9-1", "Range: x", "If-Modified-Since: never", "If-None-Match: \xff"),
    *("X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https", "X-Forwarded-For: \xff", "X-CSRFToken: x" * 50),
    *("Content-Type: application/json", "Content-Type: multipart/form-data", "Content-Type: text/plain; charset=\xff"),
    *("Content-Type: multipart/form-data; boundary=b", "Content-Type: application/x-www-form-urlencoded; charset=x"),
    *(
        "Content-Encoding: gzip",
        "Origin: null",
        "Referer: \xff",
        "no colon",
        ": no name",
        "X\x00: y",
        "X: \x00",
        " folded: x",
    ),
    *("X: " + "y" * 9000, "Trailer: X", "TE: trailers", "Forwarded: for=x", "X-HTTP-Method-Override: DELETE"),
]
BODIES = [
    "",
    "",
    "hello",
    "5\r\nhello\r\n0\r\n\r\n",
    "5;x=y\r\nhello\r\n0\r\nX: y\r\n\r\n",
    "zz\r\n",
    "-1\r\n",
    "{",
    "x" * 70_000,
]
BODIES += [
    "a=b&" * 1200,
    '{"title": "x"}',
    '--b\r\nContent-Disposition: form-data; name="x"; filename="y"\r\n\r\nz\r\n--b--\r\n',
]
ENDS = ["\r\n"] * 12 + ["\n", "\r", "\n\r"]


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


def a_request(generator: random.Random, session: str) -> bytes:
    """A request that a client may send, with a few things wrong."""
    method, target = generator.choice(METHODS), generator.choice(TARGETS)
    version = generator.choice(VERSIONS)
    lines = [f"{method} {target} {version}", *([] if generator.random() < 0.1 else ["Host: localhost"])]
    lines += generator.sample(HEADERS, generator.choice([0, 1, 1, 2, 2, 3, 5]))
    lines += [f"Cookie: {session}"] if generator.random() < 0.3 else []
    body, end = generator.choice(BODIES), generator.choice(ENDS)
    if generator.random() < 0.3:
        lines.append(f"Content-Length: {len(body)}")
    generator.shuffle(rest := lines[1:])
    data = end.join([lines[0], *rest, "", ""]).encode("latin-1") + body.encode("latin-1")
    wrong = generator.random()
    if wrong < 0.1:  # torn off
        return data[: generator.randrange(len(data) + 1)]
    if wrong < 0.25:  # a few bytes are others
        changed = bytearray(data)
        for _ in range(generator.randrange(1, 6)):
            changed[generator.randrange(min(len(changed), 400))] = generator.randrange(256)
        return bytes(changed)
    if wrong < 0.3:
        return data + data  # twice
    return data


def a_handshake(generator: random.Random, port: int, access: list[str]) -> bytes:
    paths = ["/ws/chat/lobby/"] * 6 + [
        "/",
        "/ws/",
        "/ws/chat/",
        "/ws/chat//",
        "/ws/chat/lobby",
        "/ws/chat/a/b/",
        "/ws/chat/%00/",
    ]
    paths += [
        "/ws/chat/%ff/",
        "/ws/chat/" + "x" * 500 + "/",
        "/ws/chat/lobby/?since=x",
        "/ws/chat/lobby/?since=-1",
        "/chat/",
    ]
    paths += [
        "/ws/chat/lobby/?since=0&since=9",
        "/ws/chat/lobby/?" + "a=b&" * 500,
        "http://localhost/ws/chat/lobby/",
        "//x/",
        "/\xff",
    ]
    headers = {
        "Host": [f"127.0.0.1:{port}"] * 9 + ["evil.example", "", "a b"],
        "Upgrade": ["websocket"] * 9 + ["WebSocket", "websocket, h2c", "h2c", ""],
        "Connection": ["Upgrade"] * 9 + ["keep-alive, Upgrade", "close", "upgrade, close"],
        "Sec-WebSocket-Version": ["13"] * 9 + ["8", "14", "", "13, 8", "x"],
        "Sec-WebSocket-Key": ["AAAAAAAAAAAAAAAAAAAAAA=="] * 9 + ["short", "", "\xff" * 16, "A" * 9000],
        "Sec-WebSocket-Protocol": ["chat.v1"] * 5
        + ["", ",,,", "chat.v2", "chat.v1, chat.v1", "a b", "\xff", "x," * 500],
        "Sec-WebSocket-Extensions": [""] * 5 + ["permessage-deflate", "x; y=z", ";;", "\xff"],
        "Origin": [f"http://127.0.0.1:{port}"] * 6 + ["null", "http://evil.example", "\xff", ""],
        "Content-Length": [None] * 9 + ["0", "5", "x"],
        "Transfer-Encoding": [None] * 12 + ["chunked"],
    }
    method = generator.choice(["GET"] * 12 + ["POST", "HEAD", "PUT"])
    version = generator.choice(["HTTP/1.1"] * 12 + ["HTTP/1.0", "HTTP/2.0"])
    lines = [f"{method} {generator.choice(paths)} {version}", generator.choice(access)]
    for name, values in headers.items():
        value = generator.choice(values)
        if value is not None and generator.random() > 0.03:
            lines += [f"{name}: {value}"] * (2 if generator.random() < 0.02 else 1)
    return "\r\n".join([*(line for line in lines if line), "", ""]).encode("latin-1")


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


def test_wild_requests(tried, web, alice, lobby, log):
    generator, session = random.Random(853), cookie(alice)
    requests = [a_request(generator, session) for _ in range(REQUESTS)]
    answers = asyncio.run(answers_to(web.port, requests))
    counts: dict[int, int] = {}
    for data, answer in zip(requests, answers, strict=True):
        status = status_of(answer, data) if answer else 0
        assert status < 500, (data[:500], answer[:500])
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
