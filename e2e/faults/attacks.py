"""What one account or address does for a while in test_abuse.py. A further attack is one more `@attack(…)`.

Each is `async def attack(world, person, until)`: it goes on until that moment (time.monotonic()), whatever comes,
and returns when the server first ended a connection of its, or None when it never did.
"""

import asyncio
import base64
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

MASK = b"\0\0\0\0"
ATTACKS: dict[str, "Attack"] = {}


@dataclass(frozen=True)
class Attack:
    name: str
    run: Callable[..., Awaitable[float | None]]
    is_closed: bool  # whether the server must end its connections


def attack(name: str, is_closed: bool = True):
    def register(run):
        ATTACKS[name] = Attack(name, run, is_closed)
        return run

    return register


def frame(opcode: int, payload: bytes = b"", fin: bool = True) -> bytes:
    head = bytes([(0x80 if fin else 0) | opcode])
    length = len(payload)
    head += bytes([0x80 | length]) if length < 126 else bytes([0x80 | 126]) + length.to_bytes(2)
    return head + MASK + payload


def command(text: str) -> bytes:
    return frame(1, text.encode())


async def flood(world, until: float, opening: bytes, data: bytes | Iterator[bytes], reads: bool = True) -> float | None:
    """One connection after the other, each as fast as it goes. The moment at which the first was ended."""
    ended = None
    while time.monotonic() < until:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", world.stack.port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        reading = asyncio.create_task(_drop(reader)) if reads else None
        try:
            writer.write(opening)
            await asyncio.sleep(0.05)  # a frame before the answer to the handshake is none
            while time.monotonic() < until and not (reading and reading.done()):
                writer.write(data if isinstance(data, bytes) else next(data))
                await asyncio.wait_for(writer.drain(), max(0.01, until - time.monotonic()))
                await asyncio.sleep(0)
            if reading and reading.done():
                ended = ended or time.monotonic()
        except ConnectionError:
            ended = ended or time.monotonic()
        except TimeoutError:
            pass
        finally:
            if reading:
                reading.cancel()
            writer.transport.abort()
        await asyncio.sleep(0.2)
    return ended


async def _drop(reader: asyncio.StreamReader) -> None:
    """Until the server ends the connection, or says that it will."""
    try:
        while data := await reader.read(65536):
            if b"\x88" in data and b"Too many" in data:
                return
    except ConnectionError:
        return


def handshake(world, person: dict) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        *(f"GET /ws/chat/{person['room']}/ HTTP/1.1", f"Host: 127.0.0.1:{world.stack.port}", "Upgrade: websocket"),
        *("Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"),
        *("Sec-WebSocket-Protocol: chat.v1", f"Authorization: Bearer {person['token']}"),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


# --- frames ---


@attack("pongs")
async def pongs(world, person, until):
    return await flood(world, until, handshake(world, person), frame(10) * 10_000)


@attack("pings, nothing read")
async def pings(world, person, until):
    return await flood(world, until, handshake(world, person), frame(9, b"x" * 125) * 500, reads=False)


@attack("empty fragments")
async def fragments(world, person, until):
    begin = handshake(world, person)
    return await flood(world, until, begin, _then(frame(1, fin=False), frame(0, fin=False) * 10_000))


@attack("typing")
async def typing(world, person, until):
    return await flood(world, until, handshake(world, person), command('{"type":"typing"}') * 1000)


@attack("reading marks")
async def reads(world, person, until):
    text = '{"type":"read","seq":0,"id":"5f0f6c1e-0000-4000-8000-000000000000"}'
    return await flood(world, until, handshake(world, person), command(text) * 1000)


@attack("twenty sockets of pongs")
async def many(world, person, until):
    opening = handshake(world, person)
    ended = await asyncio.gather(*(flood(world, until, opening, frame(10) * 2000) for _ in range(20)))
    return min((moment for moment in ended if moment), default=None)


# --- HTTP ---


@attack("a head without end")
async def heads(world, person, until):
    return await flood(world, until, b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ", b"y" * 65536)


@attack("a body without end")
async def bodies(world, person, until):
    opening = b"POST /nope HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    return await flood(world, until, opening, b"10000\r\n" + b"y" * 65536 + b"\r\n")


@attack("a body in one-byte chunks")
async def chunks(world, person, until):
    opening = b"POST /nope HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    return await flood(world, until, opening, b"1\r\nz\r\n" * 10_000)


@attack("pipelined requests")
async def pipelined(world, person, until):
    request = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
    return await flood(world, until, request, request * 1500)


@attack("400 half requests", is_closed=False)
async def halves(world, person, until):
    opening = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: y"
    found = [await asyncio.open_connection("127.0.0.1", world.stack.port) for _ in range(400)]
    for _reader, writer in found:
        writer.write(opening)
    await asyncio.sleep(max(0.0, until - time.monotonic()))
    for _reader, writer in found:
        writer.transport.abort()


@attack("handshakes", is_closed=False)
async def handshakes(world, person, until):
    opening = handshake(world, person)

    async def again():
        while time.monotonic() < until:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", world.stack.port)
                writer.write(opening)
                await asyncio.wait_for(reader.read(200), 5)
                writer.transport.abort()
            except (OSError, TimeoutError):
                await asyncio.sleep(0.05)

    await asyncio.gather(*(again() for _ in range(10)))


# --- texts ---

TEXTS = {
    "mcschema": "```mcschema\n<!--\n```",
    "csharp": "```csharp\n" + "a\n" * 3950 + "```",
    "a name on many lines": "@person1\n" + "a\n" * 3980,
    "open brackets": "[" * 7900,
    "nested quotes": ">" * 7900,
}


def _texts(text: str):
    async def post(world, person, until):
        client = world.client(person)
        client.open()
        await client.live()
        while time.monotonic() < until:
            client.say(text)
            await asyncio.sleep(1.0)  # as often as anybody may
        await client.close()

    return post


for _name, _text in TEXTS.items():
    attack(f"text: {_name}", is_closed=False)(_texts(_text))


def _then(first: bytes, rest: bytes) -> Iterator[bytes]:
    yield first
    while True:
        yield rest
