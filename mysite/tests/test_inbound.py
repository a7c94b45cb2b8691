"""What a peer sends: bounded before it is parsed, a few frames a turn, and never more than the application takes."""

import asyncio

import pytest

from rooms.kernel.close_reasons import close_frame
from rooms.realtime.websocket import frame_limits, inbound, uvicorn_protocol

from .http_peer import ask
from .serving import Serving, listening
from .test_frame_limits import CONTINUATION, PING, PONG, TEXT, frame
from .waiting import until

CLOSE = frame(8, b"\x03\xe8")


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """As in life, in a tenth of the time."""
    monkeypatch.setattr(inbound, "EXCESS_TOLERANCE", 0.3)
    monkeypatch.setattr(inbound, "MIN_PAUSE", 0.02)
    monkeypatch.setattr(uvicorn_protocol, "CLOSE_TIMEOUT", 0.5)


class Flood:
    """Sends without end on a bare socket, and says how the server ended it."""

    def __init__(self, sock, data: bytes):
        self._sock, self._data = sock, data
        self.received = b""

    async def run(self) -> tuple[int, bytes]:
        """The close code and reason."""
        sending = asyncio.create_task(self._send())
        loop = asyncio.get_running_loop()
        try:
            while data := await loop.sock_recv(self._sock, 65536):
                self.received += data
        except ConnectionResetError:
            pass  # its own bytes were still on the way
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            self._sock.close()
        at = self.received.rindex(b"\x88")
        return int.from_bytes(self.received[at + 2 : at + 4]), self.received[at + 4 :]

    async def _send(self):
        loop = asyncio.get_running_loop()
        while True:
            await loop.sock_sendall(self._sock, self._data)


def ended_for(reason: str) -> tuple[int, bytes]:
    code, text = close_frame(reason)
    return code, text.encode()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (frame(PONG), "too_many_control_frames"),
        (frame(PING, b"x" * 125), "too_many_control_frames"),
        (frame(TEXT, b"x"), "too_many_frames"),
        (frame(TEXT, b"", fin=False) + frame(CONTINUATION), "too_many_frames"),
        (frame(TEXT, b"x" * 65_000), "too_many_bytes"),
    ],
)
async def test_a_flood_is_told_once_and_closed(data, reason):
    told = []
    async with Serving(listening) as serving:
        sock = await serving.deaf()
        serving.protocols[0].on_excess = lambda excess, last: told.append((excess.reason, last))
        assert await Flood(sock, data * (200_000 // len(data))).run() == ended_for(reason)
        await until(lambda: serving.protocols[0].disconnected)
    assert told == [(reason, False), (reason, True)]


async def test_a_message_in_too_many_fragments_is_closed_at_once():
    told = []
    async with Serving(listening) as serving:
        sock = await serving.deaf()
        serving.protocols[0].on_excess = lambda excess, last: told.append((excess, last))
        data = frame(TEXT, b"", fin=False) + frame(CONTINUATION, b"", fin=False) * 1000
        assert await Flood(sock, data).run() == ended_for("too_many_fragments")
    assert told == [(frame_limits.Excess("too_many_fragments"), True)]


async def test_others_have_their_turn_between_a_few_frames():
    """Of a thousand frames that came in one read."""
    turns, got = 0, []

    async def counting(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            got.append(turns)

    async with Serving(counting) as serving:
        sock = await serving.deaf()
        loop, over = asyncio.get_running_loop(), False

        def tick():
            nonlocal turns
            turns += 1
            if not over:
                loop.call_soon(tick)

        tick()
        await loop.sock_sendall(sock, frame(TEXT, b"x") * 1000)
        await until(lambda: len(got) == 1000)
        over = True
        sock.close()
    assert max(got.count(turn) for turn in set(got)) <= frame_limits.FRAMES_PER_ITERATION


async def test_nothing_more_is_read_while_the_application_is_busy():
    held, got = asyncio.Event(), []

    async def busy(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        await held.wait()
        while (message := await receive())["type"] == "websocket.receive":
            got.append(message["text"])

    async with Serving(busy) as serving:
        sock = await serving.deaf()
        protocol, loop = serving.protocols[0], asyncio.get_running_loop()
        texts = [f"{n} {'x' * 30_000}" for n in range(100)]
        sending = asyncio.create_task(
            loop.sock_sendall(sock, b"".join(frame(TEXT, text.encode()) for text in texts) + CLOSE)
        )
        await until(lambda: protocol.queue.qsize())
        await until(lambda: not protocol.transport.is_reading())
        for _ in range(100):  # nor does it go on
            await asyncio.sleep(0)
        assert not protocol.transport.is_reading()
        assert protocol.queue.qsize() <= frame_limits.FRAMES_PER_ITERATION
        assert len(protocol._unparsed) <= 512 * 1024
        held.set()
        await sending
        await until(lambda: len(got) == 100)
        sock.close()
    assert got == texts


async def test_frames_that_come_before_the_handshake_is_answered_wait_for_it():
    held, got = asyncio.Event(), []

    async def slow(scope, receive, send):
        await receive()
        await held.wait()
        await send({"type": "websocket.accept"})
        got.append((await receive())["text"])

    async with Serving(slow) as serving:
        opening = asyncio.create_task(serving.deaf())
        await until(lambda: serving.protocols)
        protocol = serving.protocols[0]
        protocol.data_received(frame(PING, b"early") + frame(TEXT, b"too early"))
        await asyncio.sleep(0.05)
        assert protocol.queue.empty()
        held.set()
        sock = await opening  # the answer to the handshake comes first
        await until(lambda: got)
        sock.close()
    assert got == ["too early"]


async def test_who_pings_and_does_not_read_is_owed_the_latest_pong_alone(monkeypatch):
    monkeypatch.setattr(frame_limits, "CONTROL_FRAMES_PER_SECOND", 1_000_000)
    monkeypatch.setattr(frame_limits, "CONTROL_BURST", 1_000_000)
    async with Serving(listening) as serving:
        sock = await serving.deaf()
        protocol, loop = serving.protocols[0], asyncio.get_running_loop()
        while protocol.keeps_up:
            protocol.write_frame(uvicorn_protocol.text_frame("x" * 100_000))
        before = protocol.unsent
        for n in range(200):
            await loop.sock_sendall(sock, b"".join(frame(PING, b"%05d" % (n * 50 + i)) for i in range(50)))
        await until(lambda: protocol._owed_pong.endswith(b"09999"))
        assert protocol.unsent == before
        assert len(protocol._owed_pong) < 1000
        received = b""
        while not received.endswith(b"09999"):
            received += await loop.sock_recv(sock, 65536)
        sock.close()


async def test_text_that_is_no_utf_8_is_closed_with_1007_and_leaves_no_line_in_the_log(caplog):
    async with Serving(listening) as serving:
        sock = await serving.deaf()
        assert await Flood(sock, frame(TEXT, b"\xff\xfe")).run() == ended_for("not_utf8")
        await until(lambda: not serving.connections)
    assert not caplog.records


async def test_who_goes_on_behind_a_close_frame_is_cut_off():
    async with Serving(listening) as serving:
        sock = await serving.deaf()
        protocol = serving.protocols[0]
        protocol.close_now(4001, "over")
        await Flood(sock, frame(PONG) * 1000).run()
        await until(lambda: protocol.disconnected)


async def test_a_close_frame_in_a_later_turn_shuts_the_short_way():
    async with Serving(listening) as serving:
        sock = await serving.deaf()
        protocol = serving.protocols[0]
        await asyncio.get_running_loop().sock_sendall(sock, frame(TEXT, b"x") * 100 + CLOSE)
        await until(lambda: protocol.write_now is None)
        await until(lambda: not serving.connections)
        sock.close()


@pytest.mark.parametrize("header", ["Content-Length: 5", "Transfer-Encoding: chunked", "X: " + "y" * 9000])
async def test_a_request_that_cannot_become_a_websocket_is_answered(header):
    async with Serving(listening) as serving:
        lines = ["GET / HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade", header]
        lines += ["Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 13", "", ""]
        status, _headers, _body = await ask(serving, "\r\n".join(lines).encode() + b"5\r\nhello\r\n0\r\n\r\n")
        assert status in (400, 431)
        await until(lambda: not serving.connections)
