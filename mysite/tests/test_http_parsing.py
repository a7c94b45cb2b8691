"""How much is parsed for one connection: in all, in a turn of the event loop, and once nobody waits for it.

Calls and turns are counted. What a test gives to `data_received` is one read, however the system would have cut it.
"""

import asyncio
from collections import Counter

import pytest

from mysite.http import limits
from mysite.http.parsing import PIECE_SIZE, PIECES_PER_TURN
from mysite.http.protocol import HttpProtocol

from .http_peer import POST, REQUEST, App, Peer, serving
from .serving import Serving
from .waiting import until

CHUNKED = POST % b"/nope" + b"Connection: close\r\nTransfer-Encoding: chunked\r\n"
H2C = b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
END = b"0\r\n\r\n"


@pytest.fixture
def app():
    return App()


@pytest.fixture
def calls(monkeypatch):
    """How often the parser called each method of the protocol."""
    counted = Counter()
    for name in ("on_message_begin", "on_header", "on_body", "on_message_complete", "parse_piece"):
        _count(monkeypatch, counted, name)
    return counted


def _count(monkeypatch, counted: Counter, name: str) -> None:
    original = getattr(HttpProtocol, name)

    def counting(self, *args):
        counted[name] += 1
        return original(self, *args)

    monkeypatch.setattr(HttpProtocol, name, counting)


async def reached(server: Serving) -> tuple[Peer, HttpProtocol]:
    """A connection, from both sides."""
    peer = await Peer.to(server)
    await until(lambda: server.connections)
    [protocol] = server.connections
    return peer, protocol


async def answer_to(server: Serving, read: bytes) -> int:
    peer, protocol = await reached(server)
    protocol.data_received(read)
    return await peer.status()


@pytest.mark.parametrize("extension", [b"", b";x=y"])
@pytest.mark.parametrize("size", [1, 100])
async def test_a_body_in_tiny_chunks_is_refused_after_few_of_them(app, calls, size, extension):
    chunk = b"%x%s\r\n%s\r\n" % (size, extension, b"z" * size)
    async with serving(app) as server:
        assert await answer_to(server, CHUNKED + b"\r\n" + chunk * 2500 + END) == 413
    assert not app.seen
    assert calls["on_body"] <= limits.max_chunks(500 * size) + calls["parse_piece"] + 1


@pytest.mark.parametrize(("size", "count"), [(1, 256), (256, 256), (300, 3000), (16384, 60)])
async def test_a_body_in_reasonable_chunks_is_taken(app, size, count):
    chunk = b"%x\r\n%s\r\n" % (size, b"z" * size)
    async with serving(app) as server:
        assert await answer_to(server, CHUNKED + b"\r\n" + chunk * count + END) == 200
    assert [body for _method, _path, body in app.seen] == [b"z" * size * count]


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_may_come_byte_by_byte(app, chunked):
    size = 4 * limits.FREE_CHUNKS
    async with serving(app) as server:
        peer, protocol = await reached(server)
        length = b"" if chunked else b"Content-Length: %d\r\n" % size
        protocol.data_received((CHUNKED if chunked else POST % b"/nope" + b"Connection: close\r\n") + length + b"\r\n")
        for _ in range(size):
            protocol.data_received(b"1\r\nz\r\n" if chunked else b"z")
        if chunked:
            protocol.data_received(END)
        assert await peer.status() == 200
    assert [body for _method, _path, body in app.seen] == [b"z" * size]


async def test_trailers_are_as_few_as_headers(app, calls):
    async with serving(app) as server:
        assert await answer_to(server, CHUNKED + b"\r\n0\r\n" + b"a:\r\n" * 5000 + b"\r\n") == 431
    assert calls["on_header"] <= 2 * limits.MAX_HEADERS


async def test_the_sender_is_looked_up_once_a_request(app, monkeypatch):
    """It stands in a header that may be as long as a head."""
    seen, original = [], HttpProtocol.parse_piece.__globals__["scope_address_block"]
    monkeypatch.setattr("mysite.http.protocol.scope_address_block", lambda scope: seen.append(scope) or original(scope))
    async with serving(app) as server:
        assert await answer_to(server, CHUNKED + b"\r\n" + b"1\r\nz\r\n" * 200 + END) == 200
    assert len(seen) == 1


@pytest.mark.parametrize("request_", [REQUEST + b"\r\n", REQUEST + H2C], ids=["plain", "asking for HTTP/2"])
async def test_of_many_requests_in_one_read_few_are_parsed(calls, request_):
    app = App(asyncio.Event())
    async with serving(app) as server:
        _peer, protocol = await reached(server)
        protocol.data_received(request_ * 3000)
        await until(lambda: protocol.refused and not protocol._unparsed)
    assert calls["on_message_begin"] <= 2 * (limits.MAX_PIPELINED + 2)


async def test_requests_for_http_2_behind_one_another_are_answered_in_order(app):
    asking = b"".join(POST % (b"/%d" % n) + b"Content-Length: 1\r\n" + H2C + b"%d" % n for n in range(9))
    async with serving(app) as server:
        assert await answer_to(server, asking + REQUEST + b"Connection: close\r\n\r\n") == 200
    assert [path for _method, path, _body in app.seen] == [*(f"/{n}" for n in range(9)), "/"]
    assert [body for _method, _path, body in app.seen] == [*(b"%d" % n for n in range(9)), b""]


async def test_a_few_pieces_are_parsed_in_a_turn_and_nothing_is_read_meanwhile(app, calls):
    size, turns = 20 * PIECE_SIZE, []

    async def count_turns():
        while True:
            turns.append(calls["parse_piece"])
            await asyncio.sleep(0)

    async with serving(app) as server:
        peer, protocol = await reached(server)
        counting = asyncio.create_task(count_turns())
        head = POST % b"/nope" + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % size
        protocol.data_received(head + b"z" * size)
        assert calls["parse_piece"] == PIECES_PER_TURN and not protocol.transport.is_reading()
        assert await peer.status() == 200
        counting.cancel()
    assert [len(body) for _method, _path, body in app.seen] == [size]
    assert calls["parse_piece"] == 21
    assert max(after - before for before, after in zip(turns, turns[1:], strict=False)) == PIECES_PER_TURN


@pytest.mark.parametrize("end", ["closed", "cut off", "refused"])
async def test_nothing_more_is_parsed_for_a_connection_that_has_ended(app, calls, end):
    async with serving(app) as server:
        peer, protocol = await reached(server)
        protocol.data_received(POST % b"/nope" + b"Content-Length: 300000\r\n\r\n" + b"z" * 200_000)
        {"closed": protocol.close, "cut off": protocol.transport.abort, "refused": lambda: protocol.refuse(408)}[end]()
        assert await peer.status() == (408 if end == "refused" else 0)
        await until(lambda: not server.connections)
    assert calls["parse_piece"] == PIECES_PER_TURN and not protocol._unparsed and not app.seen


async def test_frames_read_with_the_handshake_reach_the_websocket_whole():
    heard = []

    async def listening(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] != "websocket.disconnect":
            heard.append(len(message["text"]))

    upgrade = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    upgrade += b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    frame = b"\x81\xfe" + (3 * PIECE_SIZE).to_bytes(2) + b"\0\0\0\0" + b"z" * 3 * PIECE_SIZE
    async with Serving(listening, http=HttpProtocol) as server:
        peer, protocol = await reached(server)
        protocol.data_received(REQUEST + upgrade + frame * 3)
        await until(lambda: len(heard) == 3)
        await peer.send(frame)  # and it is read on
        await until(lambda: len(heard) == 4)
    assert heard == [3 * PIECE_SIZE] * 4
