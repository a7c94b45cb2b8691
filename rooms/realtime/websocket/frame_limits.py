"""What one websocket peer may send: frames, control frames and bytes a second, and fragments a message.

Only frame headers are looked at (RFC 6455, section 5.2), before the parser sees the frame, so that nothing is allocated
for what goes beyond a limit.
"""

from dataclasses import dataclass

from rooms.kernel.rate_counters import Rate

FRAMES_PER_TURN = 16  # parsed before the event loop is given back
FRAMES_PER_SECOND = 100  # that carry data; also twice the messages that a person may post
CONTROL_FRAMES_A_SECOND, CONTROL_BURST = 10, 100  # pings and pongs; our own ping asks for one each 20 s
BYTES_PER_FRAME = 4096  # on average
BURST_SECONDS = 10  # what was not used in that time may come at once
MAX_FRAGMENTS = 256  # of one message; libraries that fragment do so by 1 KiB or more

_CONTINUATION, _FIRST_CONTROL = 0x0, 0x8
_MAX_HEADER = 10  # bytes, without the mask
_MAX_PAYLOAD = 64 * 1024  # what claims to be larger is refused by the parser (ws_max_size), and has not come yet


@dataclass(frozen=True, slots=True)
class Excess:
    """reason: a key of CLOSE_REASONS. wait: seconds; None when waiting does not help."""

    reason: str
    wait: float | None = None


class FrameGate:
    """Says how many bytes may be parsed now. One for each connection; bytes are shown to it once, in order."""

    __slots__ = ("_begun", "_bytes", "_control", "_fragments", "_frames", "_missing")

    def __init__(self, messages_a_second: float):
        """messages_a_second: that a person may post; a server that allows many gets a gate that lets them through."""
        frames = max(FRAMES_PER_SECOND, 2 * messages_a_second)
        self._frames = Rate(frames, frames * BURST_SECONDS)
        self._control = Rate(CONTROL_FRAMES_A_SECOND, CONTROL_BURST)
        self._bytes = Rate(frames * BYTES_PER_FRAME, frames * BYTES_PER_FRAME * BURST_SECONDS)
        self._fragments = 0  # of the message that is coming in
        self._missing = 0  # bytes of the current frame that are still to come
        self._begun = b""  # of a header whose end has not come yet

    def admit(self, data: bytes, now: float) -> tuple[int, Excess | None]:
        """How many of these bytes may be parsed now, and why the rest has to wait.

        Without a reason the rest waits for the next turn. The rest has to be shown again.
        """
        at, end = self._missing, len(data)
        for _ in range(FRAMES_PER_TURN):
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
    """Of the header and of what follows it. Whoever has fewer bytes than the first number knows no more yet."""
    if len(header) < 2:
        return 2, 0
    mask, short = header[1] & 0x80, header[1] & 0x7F
    length = 2 if short < 126 else 4 if short == 126 else 10
    payload = short if length == 2 else int.from_bytes(header[2:length])
    return length, payload + 4 if mask else payload
