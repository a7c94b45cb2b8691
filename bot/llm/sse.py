"""Server-sent events: the data of each, however the bytes are cut. Pure."""

from .errors import ModelError

_SIGNS_OF_LIFE = frozenset({b"ping", b"keepalive", b"keep-alive", b"heartbeat"})  # events that say no more
_NOTHING = frozenset({b"", b"null"})

MAX_EVENT_BYTES = 8_000_000  # bytes of an event; the last one of an answer may repeat all that was asked


class EventParser:
    """`feed(chunk)` returns what became complete. Comments, keep-alives and other fields than data say nothing to us.

    Raises ModelError for an event that has no end: what is kept of it would grow as long as it comes.
    """

    def __init__(self):
        self._line = b""  # the beginning of a line whose end has not come
        self._data: list[bytes] = []  # the lines of an event whose end has not come
        self._length = 0  # of these
        self._name = b""  # of that event

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take some bytes, cut anywhere.

        Returns the data of each event that is whole now. Raises ModelError: model_invalid_response, for an event of
        more than MAX_EVENT_BYTES.
        """
        *lines, self._line = (self._line + chunk).split(b"\n")
        found = []
        for line in lines:
            line = line.rstrip(b"\r")
            if line.startswith(b"data:"):
                self._data.append(line[5:].lstrip(b" "))
                self._length += len(line)
            elif not line:
                found += self._take_event()
            elif line.startswith(b"event:"):
                self._name = line[6:].strip()
        if self._length + len(self._line) > MAX_EVENT_BYTES:
            raise ModelError("model_invalid_response")
        return found

    def _take_event(self) -> list[bytes]:
        data, name = b"\n".join(self._data), self._name
        self._data, self._length, self._name = [], 0, b""
        # Some proxies send their comments as data.
        return [] if data in _NOTHING or name in _SIGNS_OF_LIFE or data.startswith(b":") else [data]

    def flush(self) -> list[bytes]:
        """What has come of the last event; some servers leave out the empty line after it."""
        return self.feed(b"\n\n")
