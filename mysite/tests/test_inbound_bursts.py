"""Bursts of frames: what a peer may send at once, and that all of it arrives."""

import asyncio
import json

import pytest
from websockets.exceptions import ConnectionClosed

from rooms.realtime.websocket import frame_limits, inbound, uvicorn_protocol

from .serving import Serving
from .test_frame_limits import TEXT, frame
from .waiting import until


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """As in life, in a tenth of the time."""
    monkeypatch.setattr(inbound, "EXCESS_TOLERANCE", 0.3)
    monkeypatch.setattr(inbound, "MIN_PAUSE", 0.02)
    monkeypatch.setattr(uvicorn_protocol, "CLOSE_TIMEOUT", 0.5)


async def test_who_sends_a_burst_and_then_little_is_not_closed(monkeypatch):
    monkeypatch.setattr(frame_limits, "BURST_SECONDS", 0.1)  # ten frames at once
    monkeypatch.setattr(inbound, "EXCESS_TOLERANCE", 20.0)
    got = []
    async with Serving(_keeping(got)) as serving, serving.open() as client:
        for n in range(30):
            await client.send(str(n))
        await until(lambda: len(got) == 30)
        await client.send("still here")
        await until(lambda: got[-1] == "still here")
    assert got == [*map(str, range(30)), "still here"]


async def test_an_old_excess_is_forgiven(monkeypatch):
    monkeypatch.setattr(frame_limits, "BURST_SECONDS", 0.1)
    monkeypatch.setattr(inbound, "EXCESS_TOLERANCE", 20.0)
    told, got = [], []
    async with Serving(_keeping(got)) as serving:
        sock = await serving.deaf()
        await until(lambda: serving.protocols)
        [protocol] = serving.protocols
        protocol.loop = clock = Clock()
        protocol.on_excess = lambda excess, last: told.append(last)
        for total in (30, 60, 90):
            await clock.loop.sock_sendall(sock, frame(TEXT, b"x") * 30)
            await until(lambda total=total: len(got) == total)
            clock.ahead += inbound.FORGET_EXCESS_AFTER + 1
        sock.close()
    assert told == [False, False, False]


class Clock:
    """The loop, whose time a test moves on."""

    def __init__(self):
        self.loop, self.ahead = asyncio.get_running_loop(), 0.0

    def __getattr__(self, name):
        return getattr(self.loop, name)

    def time(self) -> float:
        return self.loop.time() + self.ahead


async def test_many_messages_in_few_writes_all_arrive_in_order():
    """A client of another make, which does not wait for anything."""
    got = []
    async with Serving(_keeping(got)) as serving, serving.open(max_queue=None) as client:
        for n in range(900):
            await client.send(json.dumps({"n": n}))
        await until(lambda: len(got) == 900)
        await client.close()
        with pytest.raises(ConnectionClosed):
            await client.recv()
    assert [json.loads(text)["n"] for text in got] == list(range(900))


def _keeping(got: list):
    async def keep(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            got.append(message["text"])

    return keep
