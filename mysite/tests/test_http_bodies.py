"""How large the body of a request may be, and how long it may take."""

import asyncio
import json

import pytest
from django.conf import settings

from mysite.http import limits

from .http_peer import POST, App, Peer, ask, serving
from .waiting import until


@pytest.fixture
def app():
    return App()


@pytest.mark.parametrize(("path", "most"), [(b"/chat/", 2**20), (b"/api/rooms", 2**16), (b"/%61pi/rooms", 2**16)])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_has_a_size_by_path(app, path, most, chunked):
    def request(size: int) -> bytes:
        body = b"x" * size
        if chunked:
            parts = [body[at : at + 5000] for at in range(0, size, 5000)]
            data = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
            return POST % path + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + data
        return POST % path + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % size + body

    async with serving(app) as server:
        assert (await ask(server, request(most)))[0] == 200
        assert [len(body) for _method, _path, body in app.seen] == [most]
        status, headers, body = await ask(server, request(most + 1))
        assert status == 413 and headers[b"connection"] == b"close"
        assert len(app.seen) == 1
    if most == 2**16:
        assert json.loads(body) == {
            "code": "too_long",
            "reason": "request_too_large",
            "params": {"limit": 64},
            "message": "The request is too large; the limit is 64 KiB.",
        }


async def test_a_body_that_is_announced_too_large_is_refused_before_it_comes(app):
    async with serving(app) as server:
        request = POST % b"/nope" + b"Content-Length: 200000000\r\nExpect: 100-continue\r\n\r\n"
        assert (await ask(server, request))[0] == 413
    assert not app.seen


@pytest.mark.parametrize(
    "more",
    [
        b"1000\r\n" + b"x" * 4096 + b"\r\n",
        b"1\r\nx\r\n" * 1000,
        b"1;" + b"y" * 4000 + b"\r\nx\r\n",
        b"0\r\n" + b"X: y\r\n" * 9000,
    ],
    ids=["large chunks", "small chunks", "extensions", "trailers"],
)
async def test_chunks_without_end_are_refused_and_not_read_on(app, more):
    async with serving(app) as server:
        peer = await Peer.to(server)
        answering = asyncio.create_task(peer.answer())
        await peer.send(POST % b"/nope" + b"Transfer-Encoding: chunked\r\n\r\n")
        sent = await peer.send_without_end(more)
        assert (await answering)[0] in (413, 431)
        assert sent < 16 * 2**20
        await until(lambda: not server.connections)
    assert not app.seen


async def test_a_body_has_to_come_on(app, monkeypatch):
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.3)
    async with serving(app) as server:
        peer = await Peer.to(server)
        answering = asyncio.create_task(peer.answer())
        await peer.send(POST % b"/nope" + b"Content-Length: 1000\r\n\r\n")
        for _ in range(1000):
            await asyncio.sleep(0.02)
            if answering.done() or not await peer.send(b"x"):
                break
        assert (await answering)[0] == 408
        await until(lambda: not server.connections)
    assert not app.seen and app.gone == 1


async def test_a_large_body_may_take_its_time(app):
    async with serving(app) as server:
        peer = await Peer.to(server)
        await peer.send(POST % b"/nope" + b"Connection: close\r\nContent-Length: 50000\r\n\r\n")
        await peer.send(b"x" * 40_000)
        await until(lambda: server.connections)
        [protocol] = server.connections
        await until(lambda: protocol._body_size == 40_000)
        protocol._phase_timer.since -= limits.BODY_SECONDS + 5  # it came at 8 KiB/s, after them
        protocol._on_timeout()
        assert not protocol.refused
        await peer.send(b"x" * 10_000)
        assert await peer.status() == 200


async def test_a_refusal_is_said_in_the_language_asked_for(app):
    request = POST % b"/chat/" + b"Accept-Language: fr, de-CH;q=0.8, en\r\nContent-Length: 2000000\r\n\r\n"
    async with serving(app) as server:
        _status, headers, body = await ask(server, request)
    assert body.decode() == "Die Anfrage ist zu groß; höchstens 1024 KiB sind möglich.\n"
    assert headers[b"content-type"] == b"text/plain; charset=utf-8"


def test_no_body_reaches_the_disk():
    """Django keeps those up to this size in memory."""
    largest = max(limits.MAX_BODY, *(most for _pattern, most in limits.BODY_LIMITS))
    assert largest <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE
