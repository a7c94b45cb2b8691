"""How much of a peer's bytes is let through to the parser."""

import random
import struct

import pytest

from rooms.realtime.websocket import frame_limits
from rooms.realtime.websocket.frame_limits import FRAMES_PER_ITERATION, MAX_FRAGMENTS, Excess, FrameGate

TEXT, BINARY, CONTINUATION, PING, PONG = 1, 2, 0, 9, 10


def frame(opcode: int = TEXT, payload: bytes = b"", fin: bool = True, mask: bool = True) -> bytes:
    first, masked, length = opcode | (0x80 if fin else 0), 0x80 if mask else 0, len(payload)
    if length < 126:
        head = struct.pack("!BB", first, masked | length)
    elif length < 65536:
        head = struct.pack("!BBH", first, masked | 126, length)
    else:
        head = struct.pack("!BBQ", first, masked | 127, length)
    return head + (b"\0\0\0\0" if mask else b"") + payload


def pour(gate: FrameGate, data: bytes, now: float = 1.0) -> tuple[int, Excess | None, int]:
    """Everything that turns of the loop let through at one moment: bytes, what stopped it, turns."""
    at, turns = 0, 0
    while at < len(data):
        admitted, excess = gate.admit(data[at:], now)
        at, turns = at + admitted, turns + 1
        if excess:
            return at, excess, turns
    return at, None, turns


def test_a_frame_passes_whole_or_in_any_pieces():
    generator = random.Random(1)
    sizes = [0, 1, 125, 126, 127, 65535, 65536]
    parts = [frame(TEXT, b"x" * size, mask=generator.random() < 0.5) for size in sizes * 3]
    generator.shuffle(parts)
    data = b"".join(parts)
    ends, end = set(), 0
    for part in parts:
        end += len(part)
        ends.add(end)
    for longest in (1, 2, 7, 20, 70_000):
        gate, at, shown = FrameGate(1e6), 0, b""
        while at < len(data):
            shown = data[at : at + generator.randint(1, longest)]
            admitted, excess = gate.admit(shown, 1.0)
            assert excess is None
            assert admitted == len(shown) or at + admitted in ends  # a turn ends between frames
            at += admitted


def test_a_turn_lets_a_few_frames_through():
    data = frame(TEXT, b"hello") * (FRAMES_PER_ITERATION + 1)
    gate = FrameGate(1)
    assert gate.admit(data, 1.0) == (FRAMES_PER_ITERATION * len(frame(TEXT, b"hello")), None)


@pytest.mark.parametrize(
    ("opcode", "allowed", "what"),
    [
        (PING, frame_limits.CONTROL_BURST, "too_many_control_frames"),
        (PONG, frame_limits.CONTROL_BURST, "too_many_control_frames"),
        (TEXT, frame_limits.FRAMES_PER_SECOND * frame_limits.BURST_SECONDS, "too_many_frames"),
        (BINARY, frame_limits.FRAMES_PER_SECOND * frame_limits.BURST_SECONDS, "too_many_frames"),
    ],
)
def test_so_many_frames_may_come_at_once(opcode, allowed, what):
    gate, one = FrameGate(1), frame(opcode)
    passed, excess, _turns = pour(gate, one * 5000)
    assert (passed // len(one), excess.reason) == (allowed, what)
    assert gate.admit(one * 9, 1.0 + excess.wait)[0] == len(one)  # the wait that is told is enough for one more


def test_a_server_that_allows_more_messages_lets_more_frames_through():
    passed, excess, _turns = pour(FrameGate(1000), frame() * 30_000)
    assert (passed // len(frame()), excess.reason) == (20_000, "too_many_frames")


def test_bytes_are_counted_when_the_header_of_their_frame_is_read():
    gate, large = FrameGate(1), frame(BINARY, b"x" * 60_000)
    allowed = frame_limits.FRAMES_PER_SECOND * frame_limits.BYTES_PER_FRAME * frame_limits.BURST_SECONDS // 60_000
    passed, excess, _turns = pour(gate, large * 100)
    assert (passed // len(large), excess.reason) == (allowed, "too_many_bytes")
    assert passed % len(large) == 0  # nothing of the one that is too much


def test_a_frame_that_claims_any_size_is_left_to_the_parser():
    for size in (2**16 + 1, 2**31, 2**63 - 1, 2**63):
        header = b"\x89\xff" + size.to_bytes(8)
        assert FrameGate(1).admit(header + b"\0\0\0\0more", 1.0) == (18, None)


def test_a_message_has_a_bounded_number_of_fragments():
    first, more = frame(TEXT, b"", fin=False), frame(CONTINUATION, b"", fin=False)
    passed, excess, _turns = pour(FrameGate(1e6), first + more * 1000)
    assert excess == Excess("too_many_fragments")
    assert passed == len(first) + MAX_FRAGMENTS * len(more)
    whole = first + more * (MAX_FRAGMENTS - 1) + frame(CONTINUATION)
    assert pour(FrameGate(1e6), whole * 20)[:2] == (20 * len(whole), None)  # each message has as many
    between = first + (more + frame(PONG)) * 50
    assert pour(FrameGate(1e6), between)[:2] == (len(between), None)


def test_an_opcode_that_means_nothing_counts_as_data():
    """7 is the highest of those, and 8, which closes, is the first of a control frame."""
    for opcode, what in ((7, "too_many_frames"), (8, "too_many_control_frames")):
        assert pour(FrameGate(1), frame(opcode) * 5000)[1].reason == what
