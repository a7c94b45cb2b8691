"""What one HTTP connection and one address may do: queues, places, other protocols."""

import asyncio

import pytest

from mysite.http import limits
from mysite.http.protocol import HttpProtocol

from .http_peer import POST, REQUEST, App, Peer, ask, serving
from .serving import Serving, listening
from .waiting import until


@pytest.fixture
def app():
    return App()


async def test_requests_on_one_connection_wait_in_a_bounded_queue():
    held = asyncio.Event()
    app = App(held)
    async with serving(app) as server:
        peer = await Peer.to(server)
        answering = asyncio.create_task(peer.answer())
        await peer.send((REQUEST + b"\r\n") * 1000)
        await until(lambda: app.seen)
        [protocol] = server.connections
        await until(lambda: protocol.refused)
        assert not protocol.pipeline
        held.set()
        status, _headers, body = await answering
        assert status == 200 and b"HTTP/1.1" not in body  # the first is answered, and then it is closed
    assert len(app.seen) == 1


async def test_a_few_requests_behind_one_another_are_all_answered(app):
    async with serving(app) as server:
        first = (REQUEST + b"\r\n") * 9
        _status, _headers, body = await ask(server, first + REQUEST + b"Connection: close\r\n\r\n")
    assert body.count(b"HTTP/1.1 200") == 9 and len(app.seen) == 10


@pytest.mark.parametrize(
    "wrong", [b"GET / HTTP/1.1\r\nno header\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n"]
)
async def test_a_wrong_request_behind_another_leaves_its_answer_whole(wrong):
    held = asyncio.Event()
    app = App(held, answer=b"whole")
    async with serving(app) as server:
        peer = await Peer.to(server)
        answering = asyncio.create_task(peer.answer())
        await peer.send(REQUEST + b"\r\n" + wrong)
        await until(lambda: app.seen)
        await asyncio.sleep(0.05)
        held.set()
        status, _headers, body = await answering
        assert status == 200 and body.strip().endswith(b"0") and b"whole" in body and b"HTTP/1.1" not in body


async def test_an_address_with_many_connections_loses_those_that_do_nothing(settings):
    settings.MAX_CONNECTIONS_PER_ADDRESS = 10
    held = asyncio.Event()
    app = App(held)
    async with serving(app) as server:
        busy = [await Peer.to(server) for _ in range(5)]
        for peer in busy:
            await peer.send(REQUEST + b"Connection: close\r\n\r\n")
        await until(lambda: len(app.seen) == 5)
        halves = [await Peer.to(server) for _ in range(5)]
        for peer in halves:
            await peer.send(REQUEST)
        await until(lambda: len(server.connections) == 10)
        refused = await Peer.to(server)
        assert await refused.status() == 0  # those have only just begun
        for protocol in server.connections:
            protocol._phase_timer.since -= 5
        late = [await Peer.to(server) for _ in range(5)]
        for peer in late:
            await peer.send(REQUEST + b"Connection: close\r\n\r\n")
        await until(lambda: len(app.seen) == 10)
        assert [await peer.status() for peer in halves] == [0] * 5
        held.set()
        assert [await peer.status() for peer in (*busy, *late)] == [200] * 10
        await until(lambda: not server.connections)


async def test_a_proxy_has_as_many_connections_as_it_needs(app, settings):
    settings.MAX_CONNECTIONS_PER_ADDRESS, settings.TRUSTED_PROXY_COUNT = 10, 1
    async with serving(app) as server:
        peers = [await Peer.to(server) for _ in range(50)]
        for peer in peers:
            await peer.send(REQUEST + b"Connection: close\r\n\r\n")
        assert [await peer.status() for peer in peers] == [200] * 50


async def test_an_address_has_a_bounded_number_of_bytes_in_unfinished_requests(app, settings, monkeypatch):
    monkeypatch.setattr(limits, "MAX_PENDING_BYTES", 100_000)
    monkeypatch.setattr("mysite.http.connections.MAX_PENDING_BYTES", 100_000)
    settings.TRUSTED_PROXY_COUNT = 1  # also behind a proxy: counted for whom it speaks
    begin = POST % b"/nope" + b"Connection: close\r\nX-Forwarded-For: %s\r\nContent-Length: 60000\r\n\r\n"
    async with serving(app) as server:
        first, second, other = [await Peer.to(server) for _ in range(3)]
        await first.send(begin % b"203.0.113.1" + b"x" * 59_999)
        await until(lambda: any(getattr(one.cycle, "body", b"") or one._body_size for one in server.connections))
        await second.send(begin % b"203.0.113.1" + b"x" * 60_000)
        assert await second.status() == 429
        await other.send(begin % b"203.0.113.2" + b"x" * 60_000)
        assert await other.status() == 200
        await first.send(b"x")
        assert await first.status() == 200
        again = await Peer.to(server)  # those before are forgotten
        await again.send(begin % b"203.0.113.1" + b"x" * 60_000)
        assert await again.status() == 200


async def test_who_takes_nothing_of_an_answer_is_cut_off(monkeypatch):
    monkeypatch.setattr(limits, "WRITE_STALL_SECONDS", 0.2)
    app = App(answer=b"x" * 20_000_000)
    async with serving(app) as server:
        peer = await Peer.to(server, reads=False)
        await peer.send(REQUEST + b"\r\n")
        await until(lambda: app.seen)
        await until(lambda: not server.connections)
        await peer.close()


@pytest.mark.parametrize("connection", [b"Upgrade, HTTP2-Settings", b"upgrade"])
async def test_who_would_rather_speak_http_2_is_answered_all_the_same(app, connection):
    """As the HTTP client of Java asks in its first request, whatever its method."""
    request = POST % b"/path?q=1" + b"Connection: %s\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\nX: y\r\n" % connection
    async with serving(app) as server:
        peer = await Peer.to(server)
        await peer.send(request + b"Content-Length: 5\r\n\r\nhello")
        await until(lambda: app.seen)
        await peer.send(REQUEST + b"Connection: close\r\n\r\n")  # and the connection stays
        assert await peer.status() == 200
    assert [(method, path, body) for method, path, body in app.seen] == [("POST", "/path", b"hello"), ("GET", "/", b"")]


async def test_the_limits_of_a_request_end_where_it_becomes_a_websocket():
    made = []

    class Noted(HttpProtocol):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            made.append(self)

    async with Serving(listening, http=Noted) as server, server.open() as client:
        await (await client.ping())
        assert [each._phase_timer._timer for each in made] == [None]
        connections = server._server.server_state.http_connections
        assert not connections._by_block and not connections._pending


async def test_no_websocket_is_opened_in_the_middle_of_an_answer():
    held = asyncio.Event()
    app = App(held, answer=b"whole")
    upgrade = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    upgrade += b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    async with serving(app) as server:
        peer = await Peer.to(server)
        answering = asyncio.create_task(peer.answer())
        await peer.send(REQUEST + b"\r\n" + REQUEST + upgrade)
        await until(lambda: app.seen)
        held.set()
        status, _headers, body = await answering
        assert status == 200 and b"101" not in body


async def test_nothing_of_this_is_a_line_in_the_log(app, caplog):
    async with serving(app) as server:
        for data in (b"nonsense\r\n\r\n", b"\x16\x03\x01\x02\x00", REQUEST + b"Content-Length: -1\r\n\r\n"):
            assert (await ask(server, data))[0] == 400
    assert not caplog.records
