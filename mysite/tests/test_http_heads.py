"""How large the head of a request may be, and how long it may take."""

import asyncio
import time

import pytest

from mysite.http import limits
from mysite.http.timing import RequestPhase

from .http_peer import REQUEST, App, Peer, ask, serving
from .waiting import until


@pytest.fixture
def app():
    return App()


async def test_a_head_of_32_kib_is_read(app):
    lines = b"".join(b"X-%02d: %s\r\n" % (n, b"y" * 1000) for n in range(31))
    async with serving(app) as server:
        status, _headers, _body = await ask(server, REQUEST + lines + b"Connection: close\r\n\r\n")
        assert status == 200


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (REQUEST + b"".join(b"X-%03d: %s\r\n" % (n, b"y" * 300) for n in range(120)) + b"\r\n", 431),
        (REQUEST + b"".join(b"X-%d: y\r\n" % n for n in range(200)) + b"\r\n", 431),
        (REQUEST + b"Cookie: " + b"y" * 33_000 + b"\r\n\r\n", 431),
        (b"GET /" + b"y" * 33_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"POST / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\nX: " + b"y" * 33_000 + b"\r\n\r\n", 431),
    ],
)
async def test_a_larger_head_is_refused(app, head, status):
    async with serving(app) as server:
        assert (await ask(server, head))[0] == status
        await until(lambda: not server.connections)
    assert not app.seen


@pytest.mark.parametrize(
    ("begin", "more", "status"),
    [
        (REQUEST + b"Cookie: ", b"y" * 4096, 431),
        (REQUEST, b"X: y\r\n" * 500, 431),
        (b"GET /", b"y" * 4096, 414),
        (b"", b"\r\n" * 2048, 414),
    ],
)
async def test_a_head_without_end_is_refused_and_not_read_on(app, begin, more, status):
    async with serving(app) as server:
        peer = await Peer.to(server)
        answering = asyncio.create_task(peer.answer())
        await peer.send(begin)
        sent = await peer.send_without_end(more)
        assert (await answering)[0] == status
        assert sent < 12 * 2**20  # what the system keeps for both sides
        await until(lambda: not server.connections)
    assert not app.seen


async def test_a_head_has_ten_seconds(app, monkeypatch):
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.3)
    async with serving(app) as server:
        peer, begun = await Peer.to(server), time.monotonic()
        answering = asyncio.create_task(peer.answer())
        for byte in REQUEST * 1000:  # a byte now and then gives no new time
            await asyncio.sleep(0.02)
            if answering.done() or not await peer.send(bytes([byte])):
                break
        assert (await answering)[0] == 408
        assert time.monotonic() - begun < 10
    assert not app.seen


async def test_a_connection_on_which_nothing_comes_is_closed_without_a_word(app, monkeypatch):
    """A browser opens some that it may need."""
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.1)
    async with serving(app) as server:
        peer = await Peer.to(server)
        assert await peer.status() == 0
        assert not server.connections


async def test_between_two_requests_there_is_more_time(app):
    async with serving(app) as server:
        peer = await Peer.to(server)
        await peer.send(REQUEST + b"\r\n")
        await until(lambda: app.seen)
        [protocol] = server.connections
        await until(lambda: protocol._phase_timer.phase is RequestPhase.IDLE)
        assert protocol._phase_timer._timer is None  # uvicorn's own limit alone
        await peer.send(REQUEST + b"Connection: close\r\n\r\n")
        assert await peer.status() == 200
    assert len(app.seen) == 2
