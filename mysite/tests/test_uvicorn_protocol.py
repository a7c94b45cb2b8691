"""The websocket protocol, and what it relies on in uvicorn and websockets."""

import asyncio
import socket
import struct

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.protocol import State
from websockets.server import ServerProtocol

from rooms.realtime.websocket import uvicorn_protocol
from rooms.realtime.websocket.uvicorn_protocol import EXTENSION, text_frame

from .serving import Serving, listening
from .waiting import PATIENCE, until


@pytest.mark.parametrize("text", ["", "a", "é🎉", "x" * 125, "x" * 126, "x" * 65535, "x" * 65536, "x" * 200_000])
def test_our_frame_is_the_one_that_websockets_makes(text):
    connection = ServerProtocol()
    connection.state = State.OPEN
    connection.send_text(text.encode())
    assert b"".join(connection.data_to_send()) == text_frame(text)


async def test_a_frame_written_directly_is_read_like_any_other():
    async with Serving(listening) as serving, serving.open() as client:
        for text in ("direct", "é🎉" * 30_000):
            serving.protocols[0].write_frame(text_frame(text))
            assert await client.recv() == text
        await client.ping()


async def test_the_handshake_is_not_kept():
    async with Serving(listening) as serving, serving.open() as client:
        await client.ping()
        kept = [value for value in vars(serving.protocols[0]).values() if isinstance(value, Request | Response)]
        assert not kept


def patient_application():
    """One that accepts, and ends when the event is set; and the event."""
    held = asyncio.Event()

    async def busy(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        await held.wait()

    return busy, held


async def test_the_application_ends_when_it_closes_and_the_peer_hears_why():
    async with Serving(listening) as serving, serving.open() as client:
        serving.protocols[0].close_now(4003, "You are no longer in this room.")
        with pytest.raises(ConnectionClosed):
            await client.recv()
        assert (client.close_code, client.close_reason) == (4003, "You are no longer in this room.")
        await until(lambda: not serving.connections)


async def test_writing_after_the_connection_is_lost_does_nothing():
    """uvloop raises there; the application may not have heard of the loss yet."""
    busy, held = patient_application()
    async with Serving(busy) as serving:
        async with serving.open() as client:
            protocol = serving.protocols[0]
            client.transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            client.transport.abort()
        await until(lambda: protocol.disconnected)
        assert protocol.write_now is None
        protocol.transport.write = None  # whoever writes now fails
        protocol.write_frame(text_frame("too late"))
        protocol.close_now(4008, "too late")
        held.set()


async def test_nothing_is_written_behind_a_close_frame():
    async with Serving(listening) as serving, serving.open() as client:
        protocol = serving.protocols[0]
        protocol.close_now(4008, "slow")
        assert protocol.write_now is None
        protocol.write_frame(text_frame("never"))
        protocol.close_now(4001, "never")
        with pytest.raises(ConnectionClosed):
            await client.recv()
        assert client.close_code == 4008


async def test_nothing_is_written_behind_the_news_that_the_server_ends():
    async with Serving(listening) as serving, serving.open() as client:
        protocol = serving.protocols[0]
        protocol.shutdown()
        assert protocol.write_now is None
        with pytest.raises(ConnectionClosed):
            await client.recv()
        assert client.close_code == 1012


async def test_a_reader_that_stops_is_seen_and_cut_off_without_anybody_waiting(monkeypatch):
    monkeypatch.setattr(uvicorn_protocol, "CLOSE_TIMEOUT", 0.2)
    async with Serving(listening) as serving:
        sock = await serving.deaf()
        protocol = serving.protocols[0]
        assert protocol.keeps_up and protocol.unsent == 0
        frame = text_frame("x" * 100_000)
        while protocol.keeps_up:
            protocol.write_frame(frame)
        protocol.write_frame(frame)
        assert protocol.unsent >= 100_000
        assert await protocol.caught_up(0.05) is False
        protocol.close_now(4008, "slow")
        await until(lambda: protocol.disconnected)
        assert await protocol.caught_up(0.05) is True  # nobody waits for who is gone
        sock.close()


async def test_a_reader_that_goes_on_catches_up():
    async with Serving(listening) as serving, serving.open(max_size=None, max_queue=1) as client:
        protocol = serving.protocols[0]
        while write := protocol.write_now:
            write(text_frame("x" * 100_000))
        assert not protocol.keeps_up and protocol.lags == 1
        reading = asyncio.create_task(_read_all(client))
        assert await protocol.caught_up(PATIENCE) is True
        assert protocol.write_now
        await client.close()  # read on until then: the answer comes behind all the rest
        with pytest.raises(ConnectionClosed):
            await reading


async def test_the_short_way_is_open_from_the_handshake_to_the_end():
    seen = []

    async def looking(scope, receive, send):
        protocol = scope["extensions"][EXTENSION]
        await receive()
        seen.append(protocol.write_now)
        await send({"type": "websocket.accept"})
        seen.append(protocol.write_now)
        await receive()  # an invitation to end it, or the end
        if scope["path"] == "/closes":
            await send({"type": "websocket.close"})
        seen.append(protocol.write_now)

    for path in ("", "closes"):
        seen.clear()
        async with Serving(looking) as serving, serving.open(path) as client:
            await (client.send("end it") if path else client.close())
            await until(lambda: len(seen) == 3)
            assert [bool(write) for write in seen] == [False, True, False]


@pytest.mark.parametrize("garbage", [b"\x88\x80\0\0\0\0", b"\xff\xff\xff\xff", b"\x01\x00"])
async def test_the_short_way_is_shut_behind_the_peers_last_frame(garbage):
    """A close frame, and what is no frame at all."""
    busy, held = patient_application()
    async with Serving(busy) as serving:
        sock = await serving.deaf()
        protocol = serving.protocols[0]
        assert protocol.write_now
        await asyncio.get_running_loop().sock_sendall(sock, garbage)
        await until(lambda: protocol.write_now is None)
        held.set()
        sock.close()


async def test_a_dead_peer_whose_buffer_is_not_empty_is_cut_off_after_the_keepalive(monkeypatch):
    """uvicorn closes it with a close that waits for the buffer, for ever."""
    monkeypatch.setattr(uvicorn_protocol, "CLOSE_TIMEOUT", 0.2)
    async with Serving(listening, ws_ping_interval=0.2, ws_ping_timeout=0.2) as serving:
        sock = await serving.deaf()
        protocol = serving.protocols[0]
        while protocol.keeps_up:
            protocol.write_frame(text_frame("x" * 100_000))
        await until(lambda: protocol.disconnected)
        sock.close()


async def test_a_peer_that_says_goodbye_and_never_reads_is_cut_off(monkeypatch):
    monkeypatch.setattr(uvicorn_protocol, "CLOSE_TIMEOUT", 0.2)
    async with Serving(listening, ws_ping_interval=None) as serving:
        sock = await serving.deaf()
        protocol = serving.protocols[0]
        while protocol.keeps_up:
            protocol.write_frame(text_frame("x" * 100_000))
        await asyncio.get_running_loop().sock_sendall(sock, b"\x88\x80\0\0\0\0")  # a close frame
        await until(lambda: protocol.disconnected)
        sock.close()


async def test_who_is_closed_can_say_goodbye_although_nobody_reads_what_it_sent_before(monkeypatch):
    monkeypatch.setattr(uvicorn_protocol, "CLOSE_TIMEOUT", 600)
    busy, held = patient_application()
    async with Serving(busy) as serving, serving.open() as client:
        await client.send("nobody receives this")
        protocol = serving.protocols[0]
        await until(lambda: protocol.read_paused)
        protocol.close_now(4003, "")
        await until(lambda: protocol.disconnected)
        held.set()


async def test_a_connection_that_is_closed_twice_is_cut_off_once():
    async with Serving(listening) as serving, serving.open():
        protocol = serving.protocols[0]
        protocol._abort_in(600)
        first = protocol.close_timer
        protocol._abort_in(601)
        assert first.cancelled() and not protocol.close_timer.cancelled()


async def test_the_parts_of_uvicorn_that_are_used_are_there():
    async with Serving(listening) as serving, serving.open():
        protocol = serving.protocols[0]
        await until(lambda: protocol.handshake_complete)
        assert isinstance(protocol.writable, asyncio.Event) and protocol.writable.is_set()
        assert protocol.conn.state is State.OPEN
        assert (protocol.close_sent, protocol.disconnected, protocol.close_timer) == (False, False, None)
        assert isinstance(protocol.queue, asyncio.Queue)
        assert protocol.read_paused in (True, False)
    assert callable(WebSocketsSansIOProtocol.keepalive_timeout)
    assert asyncio.iscoroutinefunction(WebSocketsSansIOProtocol.run_asgi)


async def _read_all(client):
    while True:
        await client.recv()
