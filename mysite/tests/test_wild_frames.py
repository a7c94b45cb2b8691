"""Thousands of frames of every kind: whole messages arrive, and everything else ends as RFC 6455 says."""

import asyncio
import logging
import random
import socket
import struct
from dataclasses import dataclass, field

from rooms.realtime.websocket import uvicorn_protocol

from .serving import Serving, listening
from .waiting import PATIENCE, until

CONNECTIONS, AT_ONCE, FRAMES = 600, 20, 40
MAX_SIZE = 65536
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
GOOD_CLOSE_CODES = [1000, 1001, 1003, 1007, 1011, 3000, 4001, 4999]
BAD_CLOSE_CODES = [0, 999, 1004, 1005, 1006, 1015, 2999, 5000]
PAYLOADS = [b"", b"x", b"y" * 125, b"z" * 126, b"w" * 5000, "é🎉".encode() * 9, b"\xff\xfe", "é".encode()[:1]]


@dataclass
class Frame:
    opcode: int
    payload: bytes = b""
    fin: bool = True
    reserved: int = 0
    mask: bytes | None = b"\0\0\0\0"
    length: int | None = None  # that is claimed

    @property
    def wire(self) -> bytes:
        size = len(self.payload) if self.length is None else self.length
        masked = 0 if self.mask is None else 0x80
        head = bytes([(0x80 if self.fin else 0) | self.reserved << 4 | self.opcode])
        if size < 126:
            head += bytes([masked | size])
        elif size < 65536:
            head += struct.pack("!BH", masked | 126, size)
        else:
            head += struct.pack("!BQ", masked | 127, size)
        if self.mask is None:
            return head + self.payload
        return head + self.mask + bytes(byte ^ self.mask[at % 4] for at, byte in enumerate(self.payload))


@dataclass
class Model:
    """What a server must make of frames: the messages, and the close code once there is one."""

    messages: list[str | bytes] = field(default_factory=list)
    code: int | None = None
    _parts: list[bytes] = field(default_factory=list)
    _opcode: int | None = None  # of the message that is coming in

    def take(self, frame: Frame) -> None:
        size = len(frame.payload) if frame.length is None else frame.length
        if frame.opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG) or frame.mask is None:
            self.code = 1002
        elif size > MAX_SIZE - sum(map(len, self._parts)):
            self.code = 1009
        elif frame.reserved or frame.opcode >= CLOSE and (size > 125 or not frame.fin):
            self.code = 1002
        elif frame.opcode == CLOSE:
            self._close(frame.payload)
        elif frame.opcode < CLOSE:
            self._data(frame)

    def _close(self, payload: bytes) -> None:
        code = int.from_bytes(payload[:2]) if len(payload) > 1 else 1005 if not payload else 1002
        good = code == 1005 and not payload or code in GOOD_CLOSE_CODES
        # In the middle of a message nobody says goodbye.
        self.code = code if good and self._opcode is None else 1002

    def _data(self, frame: Frame) -> None:
        if (frame.opcode == CONTINUATION) == (self._opcode is None):
            self.code = 1002
            return
        self._opcode = frame.opcode or self._opcode
        self._parts.append(frame.payload)
        if frame.fin:
            data, text = b"".join(self._parts), self._opcode == TEXT
            self._parts, self._opcode = [], None
            try:
                self.messages.append(data.decode() if text else data)
            except UnicodeDecodeError:
                self.code = 1007


def a_frame(generator: random.Random, fragmented: bool) -> Frame:
    """One that fits what came before, most of the time."""
    opcode = CONTINUATION if fragmented else generator.choice([TEXT, TEXT, BINARY])
    frame = Frame(opcode, generator.choice(PAYLOADS[:6]), fin=generator.random() < 0.6)
    frame.mask = generator.randbytes(4)
    if generator.random() < 0.2:
        frame.opcode, frame.fin, frame.payload = generator.choice([PING, PONG]), True, generator.randbytes(4)
    if generator.random() < 0.03:
        match generator.randrange(9):
            case 0:
                frame.opcode = generator.randrange(16)
            case 1:
                frame.reserved = generator.randrange(8)
            case 2:
                frame.mask = None
            case 3:
                frame.length = generator.choice([65537, 2**31, 2**63 - 1, 2**63])
            case 4:
                frame.opcode, frame.payload = generator.choice([PING, PONG, CLOSE]), b"x" * 126
            case 5:
                frame.opcode, frame.fin = generator.choice([PING, CLOSE]), False
            case 6:
                code = generator.choice([*GOOD_CLOSE_CODES, *BAD_CLOSE_CODES])
                frame.opcode, frame.payload, frame.fin = CLOSE, code.to_bytes(2) + b"why", True
            case 7:
                frame.opcode, frame.payload, frame.fin = CLOSE, generator.choice([b"", b"\x03"]), True
            case 8:
                frame.payload = generator.choice(PAYLOADS)
    return frame


async def test_thousands_of_wild_frames(tried, caplog, monkeypatch):
    monkeypatch.setattr(uvicorn_protocol, "CLOSE_TIMEOUT", 0.2)  # these peers answer no close frame
    caplog.set_level(logging.INFO)
    generator, count, codes = random.Random(20), 0, {}
    got: dict[int, list] = {}

    async def keep(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        messages = got[scope["client"][1]] = []
        while (message := await receive())["type"] == "websocket.receive":
            messages.append(message.get("text", message.get("bytes")))

    async with Serving(keep, ws_max_size=MAX_SIZE) as serving:
        for _ in range(CONNECTIONS // AT_ONCE):
            outcomes = await asyncio.gather(*(_one(serving, generator, got) for _ in range(AT_ONCE)))
            for frames, code in outcomes:
                count += frames
                codes[code] = codes.get(code, 0) + 1
        await until(lambda: not serving.connections)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert {1000, 1002, 1007, 1009} <= codes.keys()  # it goes everywhere
    async with Serving(listening) as serving, serving.open() as client:
        await (await client.ping())
    tried("wild frames", count)


async def _one(serving: Serving, generator: random.Random, got: dict) -> tuple[int, int]:
    """A connection with frames, in pieces of any size; often it breaks off in the middle of one."""
    model, sent, data = Model(), 0, b""
    for _ in range(FRAMES):
        frame = a_frame(generator, model._opcode is not None)
        model.take(frame)
        sent, data = sent + 1, data + frame.wire
        if model.code:
            break
    broken = model.code is None and generator.random() < 0.3
    if broken:
        data += Frame(BINARY, b"x" * 1000).wire[: generator.randrange(1, 1000)]
    elif model.code is None:
        closing = Frame(CLOSE, b"\x03\xe8") if model._opcode is None else Frame(TEXT)
        model.take(closing)
        data += closing.wire
    sock, loop = await serving.deaf(), asyncio.get_running_loop()
    port, at = sock.getsockname()[1], 0
    while at < len(data):
        size = generator.choice([1, 2, 3, 7, 200, 70_000])
        try:
            await loop.sock_sendall(sock, data[at : at + size])
        except ConnectionError:
            assert model.code, "ended by the server though every frame was right"
            break  # its close frame came before
        at += size
        if generator.random() < 0.2:
            await asyncio.sleep(0)
    if broken:  # and so the server has had no reason to end it
        sock.shutdown(socket.SHUT_WR)
    received = b""
    try:
        while piece := await asyncio.wait_for(loop.sock_recv(sock, 65536), PATIENCE):
            received += piece
    except ConnectionResetError:
        pass  # some of what was sent had not been read
    sock.close()
    code = _close_code(received)
    assert code == (model.code or 1006), (repr(frame)[:300], received[-80:])
    await until(lambda: got[port] == model.messages)
    return sent, code


def _close_code(received: bytes) -> int:
    """Of the close frame, the last of the small frames that the server sends."""
    at, code = received.find(b"\r\n\r\n") + 4, 1006
    while at + 2 <= len(received):
        opcode, size = received[at] & 0x0F, received[at + 1]
        if opcode == CLOSE:
            code = int.from_bytes(received[at + 2 : at + 4]) if size else 1005
        at += 2 + size
    return code
