"""Limits for one websocket peer: frames, control frames and bytes per second, and fragments per message.

Only frame headers are read (RFC 6455, section 5.2), before the parser sees the frame, so that nothing is allocated for
a frame that exceeds a limit.
"""

from dataclasses import dataclass

from rooms.kernel.rate_counters import Rate

FRAMES_PER_ITERATION = 16  # parsed before other callbacks of the event loop run
FRAMES_PER_SECOND = 100  # data frames; at least twice the messages that a user may post
CONTROL_FRAMES_PER_SECOND, CONTROL_BURST = 10, 100  # pings and pongs; our own pings cause one every 20 s
BYTES_PER_FRAME = 4096  # on average
BURST_SECONDS = 10  # the allowance of this time may be used at once
MAX_FRAGMENTS = 256  # of one message; libraries use fragments of 1 KiB or more

_CONTINUATION, _FIRST_CONTROL = 0x0, 0x8
_MAX_HEADER = 10  # bytes, without the mask
_MAX_PAYLOAD = 64 * 1024  # the parser refuses larger frames (ws_max_size) by their header


@dataclass(frozen=True, slots=True)
class Excess:
    """reason: a key of CLOSE_REASONS. wait: seconds; None when waiting does not help."""

    reason: str
    wait: float | None = None


class FrameGate:
    """Decides how many bytes may be parsed now. One for each connection, which passes it all bytes in order."""

    __slots__ = ("_begun", "_bytes", "_control", "_fragments", "_frames", "_missing")

    def __init__(self, messages_per_second: float):
        """messages_per_second: that a user may post. The limit for frames is at least twice as high."""
        frames = max(FRAMES_PER_SECOND, 2 * messages_per_second)
        self._frames = Rate(frames, frames * BURST_SECONDS)
        self._control = Rate(CONTROL_FRAMES_PER_SECOND, CONTROL_BURST)
        self._bytes = Rate(frames * BYTES_PER_FRAME, frames * BYTES_PER_FRAME * BURST_SECONDS)
        self._fragments = 0  # of the current message
        self._missing = 0  # bytes of the current frame that have not arrived
        self._begun = b""  # of a header that has not fully arrived

    def admit(self, data: bytes, now: float) -> tuple[int, Excess | None]:
        """How many of these bytes may be parsed now, and which limit the rest exceeds.

        If none, the rest may be passed again in the next iteration of the event loop.
        """
        at, end = self._missing, len(data)
        for _ in range(FRAMES_PER_ITERATION):
            if at >= end:
                break
            header = self._begun + data[at : at + _MAX_HEADER]
            length, payload = _sizes(header)
            if len(header) < length:
                self._begun, self._missing = header, 0
                return end, None
            if excess := self._charge(header[0] & 0x0F, payload, now):
                self._missing = 0
                return at, excess
            at += length + payload - len(self._begun)
            self._begun = b""
        self._missing = max(0, at - end)
        return min(at, end), None

    def _charge(self, opcode: int, payload: int, now: float) -> Excess | None:
        control = opcode >= _FIRST_CONTROL
        rate = self._control if control else self._frames
        if wait := rate.take(now):
            return Excess("too_many_control_frames" if control else "too_many_frames", wait)
        if wait := self._bytes.take(now, min(payload, _MAX_PAYLOAD)):
            return Excess("too_many_bytes", wait)
        if not control:
            self._fragments = self._fragments + 1 if opcode == _CONTINUATION else 0
            if self._fragments > MAX_FRAGMENTS:
                return Excess("too_many_fragments")
        return None


def _sizes(header: bytes) -> tuple[int, int]:
    """The sizes of the header and of the payload. The latter is unknown if `header` is shorter than the former."""
    if len(header) < 2:
        return 2, 0
    mask, short = header[1] & 0x80, header[1] & 0x7F
    length = 2 if short < 126 else 4 if short == 126 else 10
    payload = short if length == 2 else int.from_bytes(header[2:length])
    return length, payload + 4 if mask else payload
