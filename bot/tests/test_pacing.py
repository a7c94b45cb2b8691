"""When a model's stream is read and passed on, by a clock that only the test moves."""

import asyncio
import heapq

import pytest

from bot.llm.client import LIMITS
from bot.llm.http_connection import HttpConnection
from bot.llm.pacer import Pacer

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
SECONDS = 4
LATE = 0.0002  # by which a timer is late


class Clock:
    """The part of an event loop that a connection uses."""

    def __init__(self, now=1000.0):
        self.now = now
        self._timers = []
        self.create_future = asyncio.get_running_loop().create_future

    def time(self):
        return self.now

    def call_at(self, when, callback):
        timer = Timer(callback)
        heapq.heappush(self._timers, (max(when, self.now) + LATE, id(timer), timer))
        return timer

    def call_later(self, seconds, callback):
        return self.call_at(self.now + seconds, callback)

    async def until(self, end):
        while self._timers and self._timers[0][0] <= end:
            self.now, _, timer = heapq.heappop(self._timers)
            if not timer.cancelled:
                timer.callback()
                for _ in range(5):  # whoever waited goes on
                    await asyncio.sleep(0)
        self.now = end


class Timer:
    def __init__(self, callback):
        self.callback, self.cancelled = callback, False

    def cancel(self):
        self.cancelled = True


class Socket:
    """Keeps what comes while nobody reads."""

    def __init__(self, clock, connection):
        self._clock, self._connection = clock, connection
        self._reading, self._kept = True, b""
        connection.connection_made(self)

    def come(self, data):
        self._kept += data
        self._hand_over()

    def pause_reading(self):
        self._reading = False

    def resume_reading(self):
        self._reading = True
        if self._kept:
            self._clock.call_later(0, self._hand_over)

    def write(self, data):
        self._clock.call_later(0.01, lambda: self.come(HEAD))

    def _hand_over(self):
        if self._reading and self._kept:
            data, self._kept = self._kept, b""
            self._connection.data_received(data)


async def _waits(spacing, phase=0.0):
    """Of a stream with a token each so many seconds: how long each waited, and how many reads passed any on."""
    clock = Clock()
    connection = HttpConnection()
    connection._loop = clock
    socket, waits, reads = Socket(clock, connection), [], 0

    async def read():
        nonlocal reads
        await connection.send_request(b"", None)
        while data := await connection.read():
            connection.set_read_interval(LIMITS.read_interval)
            reads += 1
            waits.extend(clock.now - float(token) for token in data.split())

    reading = asyncio.create_task(read())
    await asyncio.sleep(0)
    for number in range(int(SECONDS / spacing)):
        at = clock.now + 0.02 + phase + number * spacing
        clock.call_at(at, lambda at=at: socket.come(_chunk(f"{at + LATE:.6f} ".encode())))
    await clock.until(clock.now + SECONDS + 1)
    reading.cancel()
    return waits[1:], reads


def _chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data)


@pytest.mark.parametrize("phase", [0, 0.003, 0.007])
@pytest.mark.parametrize("milliseconds", [9, 12, 14, 20, 22, 28, 33])
async def test_an_even_stream_leaves_when_a_token_comes(milliseconds, phase):
    """So the last one waits not at all, and the first one for less than a turn."""
    waits, reads = await _waits(milliseconds / 1000, phase)
    assert len(waits) == SECONDS * 1000 // milliseconds - 1
    waits = sorted(waits)[: int(len(waits) * 0.98)]  # it finds into step
    assert waits[-1] < 0.0485
    assert sum(waits) / len(waits) < 0.024  # when a turn does not look for tokens: half of one, 0.025
    assert reads <= SECONDS / LIMITS.read_interval + 2


async def test_a_slow_stream_is_passed_on_as_it_comes():
    waits, _reads = await _waits(0.07)
    assert max(waits) < 0.003


async def test_what_waited_does_not_wait_for_a_token_that_does_not_come():
    clock = Clock()
    connection = HttpConnection()
    connection._loop = clock
    socket = Socket(clock, connection)
    asking = asyncio.create_task(connection.send_request(b"", None))
    await asyncio.sleep(0)
    await clock.until(clock.now + 0.02)
    await asking
    connection.set_read_interval(LIMITS.read_interval)
    reading = asyncio.create_task(connection.read())
    await asyncio.sleep(0)
    socket.come(_chunk(b"one") + _chunk(b"two"))
    await clock.until(clock.now + LIMITS.read_interval + 0.03)
    assert reading.done() and await reading == b"onetwo"


def test_turns_go_by_plan():
    rhythm = Pacer(50)
    rhythm.advance(1000)
    assert rhythm.due == 1050
    rhythm.advance(1060)
    assert rhythm.due == 1100


def test_a_turn_that_was_missed_is_not_made_up_for():
    rhythm = Pacer(50, tick=10)
    rhythm.advance(1003)
    assert rhythm.due == 1060
    rhythm.advance(1114)
    assert rhythm.due == 1170
