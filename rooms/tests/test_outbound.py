"""A reader that does not keep up costs a bounded amount, and is told so; nobody waits for it."""

import asyncio

import pytest

from mysite.tests.waiting import until
from rooms.realtime import outbound
from rooms.realtime.outbound import MAX_EVENTS, MAX_UNSENT, Frame, QueuedWriter, TransportWriter, writer_for

SMALL = Frame("x" * 10)


class FakeProtocol:
    """A transport with a reader at its end who takes what the test says."""

    HIGH = 64 * 1024

    def __init__(self):
        self.unsent, self.lags, self.closed = 0, 0, None
        self.write_now = self.write_frame

    @property
    def keeps_up(self):
        return self.write_now is not None

    def write_frame(self, data):
        self.unsent += len(data)
        if self.keeps_up and self.unsent > self.HIGH:
            self.lags, self.write_now = self.lags + 1, None

    def take(self, count):
        self.unsent -= min(count, self.unsent)
        if self.unsent <= self.HIGH:
            self.write_now = self.write_frame

    def close_now(self, code, reason):
        self.closed = (code, reason)


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

    monkeypatch.setattr(outbound.time, "monotonic", lambda: Clock.now)
    return Clock


def test_events_that_are_due_together_are_one_frame():
    assert Frame.of(['{"a":1}']).text == '{"a":1}'
    together = Frame.of(['{"a":1}', '{"b":2}'])
    assert (together.text, together.events) == ('[{"a":1},{"b":2}]', 2)


def test_a_frame_is_encoded_once():
    frame = Frame("é")
    assert frame.wire is frame.wire


class TestDirect:
    def test_who_keeps_up_gets_everything(self):
        protocol = FakeProtocol()
        out = TransportWriter(protocol)
        for _ in range(10_000):
            assert out.write(SMALL)
            protocol.take(1000)
        assert not out.is_stalled()

    def test_who_kept_up_gets_a_frame_of_any_size(self):
        """What an outage held back comes to everybody at once."""
        out = TransportWriter(FakeProtocol())
        assert out.write(Frame("x" * (MAX_UNSENT + 1), events=2000))

    def test_more_events_than_may_wait(self):
        protocol = FakeProtocol()
        out = TransportWriter(protocol)
        out.write(Frame("x" * 70_000))  # from here on it does not keep up
        assert all(out.write(SMALL) for _ in range(MAX_EVENTS))
        assert not out.write(SMALL)

    def test_more_bytes_than_may_wait(self):
        out = TransportWriter(FakeProtocol())
        out.write(Frame("x" * 70_000))
        big, written = Frame("x" * 100_000), 0
        while out.write(big):
            written += 1
        assert written == (MAX_UNSENT - 70_010) // big.wire.__len__()

    def test_a_frame_that_is_one_too_many_is_not_written(self):
        protocol = FakeProtocol()
        out = TransportWriter(protocol)
        out.write(Frame("x" * MAX_UNSENT))
        before = protocol.unsent
        assert not out.write(SMALL)
        assert protocol.unsent == before

    def test_who_catches_up_begins_anew(self):
        protocol = FakeProtocol()
        out = TransportWriter(protocol)
        for _ in range(10):
            out.write(Frame("x" * 70_000))
            assert all(out.write(SMALL) for _ in range(MAX_EVENTS))
            protocol.take(10**9)

    def test_who_catches_up_and_is_told_much_past_this_outlet_begins_anew_too(self, clock):
        protocol = FakeProtocol()
        out = TransportWriter(protocol)
        for _ in range(10):
            protocol.write_now(b"x" * 70_000)
            assert out.write_now is None
            assert all(out.write(SMALL) for _ in range(MAX_EVENTS))
            clock.now += outbound.STALL_TIMEOUT + 1
            assert out.is_stalled()
            protocol.take(10**9)
            assert not out.is_stalled()

    def test_stuck_is_who_takes_nothing_for_long(self, clock):
        protocol = FakeProtocol()
        out = TransportWriter(protocol)
        out.write(Frame("x" * 70_000))
        assert not out.is_stalled()
        clock.now += outbound.STALL_TIMEOUT + 1
        assert out.is_stalled()

    def test_a_slow_reader_is_not_stuck_though_its_buffer_grows(self, clock):
        protocol = FakeProtocol()
        out = TransportWriter(protocol)
        out.write(Frame("x" * 70_000))
        for _ in range(100):
            clock.now += outbound.STALL_TIMEOUT / 3
            protocol.take(50)
            out.write(Frame("x" * 100))
            assert not out.is_stalled()
        clock.now += outbound.STALL_TIMEOUT + 1
        out.write(SMALL)  # writing is not taking
        assert out.is_stalled()

    def test_nobody_is_stuck_who_keeps_up_though_nothing_is_said(self, clock):
        out = TransportWriter(FakeProtocol())
        assert not out.is_stalled()
        clock.now += 3600
        assert not out.is_stalled()

    def test_closing_goes_through_the_protocol(self):
        protocol = FakeProtocol()
        TransportWriter(protocol).close(4008, "slow")
        assert protocol.closed == (4008, "slow")


class Wire:
    """An ASGI `send` that waits while `open` is not set."""

    def __init__(self):
        self.sent, self.open = [], asyncio.Event()
        self.open.set()

    async def send(self, message):
        await self.open.wait()
        self.sent.append(message)


class TestQueued:
    """Under a server that is not ours."""

    async def test_frames_go_out_in_order_then_the_close(self):
        wire = Wire()
        out = QueuedWriter(wire.send)
        for n in range(3):
            assert out.write(Frame(str(n)))
        assert await out.wait_writable()
        out.close(4003, "bye")
        out.stop()  # the consumer ends; the close frame still goes out
        await until(lambda: len(wire.sent) == 4)
        assert [message.get("text") for message in wire.sent] == ["0", "1", "2", None]
        assert wire.sent[-1] == {"type": "websocket.close", "code": 4003, "reason": "bye"}

    async def test_who_does_not_read_is_refused_more(self):
        wire = Wire()
        wire.open.clear()
        out = QueuedWriter(wire.send)
        out.write(SMALL)
        await until(lambda: not out._queue)  # on its way
        assert all(out.write(SMALL) for _ in range(MAX_EVENTS))
        assert not out.write(SMALL)
        out.stop()

    async def test_bytes_count_too(self):
        wire = Wire()
        wire.open.clear()
        out = QueuedWriter(wire.send)
        big = Frame("x" * 400_000)
        assert [out.write(big) for _ in range(4)] == [True, True, False, False]
        out.stop()

    async def test_stuck_is_a_send_that_does_not_end(self, monkeypatch):
        monkeypatch.setattr(outbound, "STALL_TIMEOUT", 0.05)
        wire = Wire()
        wire.open.clear()
        out = QueuedWriter(wire.send)
        out.write(SMALL)
        await until(out.is_stalled)
        assert not await out.wait_writable()
        wire.open.set()
        await until(lambda: not out.is_stalled())
        out.stop()

    async def test_a_send_that_has_just_begun_is_not_stuck(self):
        wire = Wire()
        wire.open.clear()
        out = QueuedWriter(wire.send)
        out.write(SMALL)
        await until(lambda: out._sending_since is not None)
        assert not out.is_stalled()
        out.stop()

    async def test_a_socket_that_is_gone_ends_the_task_without_noise(self, caplog):
        async def send(message):
            raise OSError("gone")

        out = QueuedWriter(send)
        out.write(SMALL)
        await until(out._task.done)
        assert out._task.exception() is None
        assert await out.wait_writable()

    async def test_there_is_room_for_more_before_anything_was_written(self):
        out = QueuedWriter(Wire().send)
        assert await asyncio.wait_for(out.wait_writable(), 1)
        out.stop()

    async def test_stopping_ends_the_task(self):
        out = QueuedWriter(Wire().send)
        out.stop()
        await until(out._task.done)


async def test_each_server_gets_its_outlet():
    assert isinstance(writer_for({"extensions": {"roundtable.direct": FakeProtocol()}}, None), TransportWriter)
    other = writer_for({}, Wire().send)
    assert isinstance(other, QueuedWriter)
    other.stop()
