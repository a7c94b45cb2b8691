"""The bytes of one answer, be it a stream of events or one JSON object, told to a listener as they come."""

import json
from collections.abc import Collection

import orjson

from .dialect import Dialect
from .errors import ModelError
from .failures import ServerReported, parse_error
from .listener import Listener
from .sse import MAX_EVENT_BYTES, EventParser
from .thoughts import Piece, ThoughtFilter
from .written_calls import WrittenCallFilter

MAX_RAW_LENGTH = 2_000_000  # characters; an answer has few, but thoughts within its text are not cut


class AnswerReader:
    """`feed(chunk)` for each chunk, then `finish()`. Both raise ModelError and ServerReported.

    tools: the names of those that the model knows.
    """

    def __init__(self, dialect: Dialect, listener: Listener, tools: Collection[str] = ()):
        self.has_text = self.has_bytes = False
        self._dialect, self._listener = dialect, listener
        self._events = EventParser()
        self._thoughts = ThoughtFilter()
        self._tools = tools
        self._calls = WrittenCallFilter(tools)
        self._raw: list[str] = []  # the text as it came, thoughts and all
        self._raw_length = 0
        self._whole: bytearray | None = None  # of an answer that is no stream
        self._first = b""  # until it is known which it is

    @property
    def raw_text(self) -> str:
        """All that was written, with thoughts and calls, as it came."""
        return "".join(self._raw)

    def feed(self, chunk: bytes) -> bool:
        """Returns whether something of an answer was in it."""
        if not self.has_bytes:
            self._first = (self._first + chunk).lstrip()
            if not self._first:
                return False
            chunk, self._first, self.has_bytes = self._first, b"", True
            if chunk.startswith((b"{", b"[")):
                self._whole = bytearray()
            elif chunk.startswith(b"<"):
                raise ModelError("model_not_server")
        if self._whole is None:
            return self._dispatch(self._events.feed(chunk))
        self._whole += chunk
        if len(self._whole) > MAX_EVENT_BYTES:
            raise ModelError("model_invalid_response")
        return True

    def finish(self) -> None:
        """The bytes are over: tell what was held back. Raises ModelError when they are no answer."""
        if self._whole is not None:
            self._take_whole(_decode_json(bytes(self._whole)))
        else:
            self._dispatch(self._events.flush())
        self._say(self._thoughts.flush())
        text, calls = self._calls.flush()
        self._tell(text)
        if calls:
            self._dialect.add_written_calls(calls)
            self._think(self.raw_text)  # nobody reads it, but it was written

    def _take_whole(self, body: object) -> None:
        if not isinstance(body, dict):
            raise ServerReported(parse_error(body))
        text = self._dialect.read_whole(body)
        self._keep(text)
        self._think(self._dialect.take_thoughts())
        self._say(self._thoughts.feed(text))

    def _dispatch(self, events: list[bytes]) -> bool:
        """Pass on what is in them, the text as one piece."""
        texts: list[str] = []
        try:
            for data in events:
                if data == b"[DONE]":
                    self._dialect.ended = self._dialect.stream_complete = True
                    break
                event = _decode_json(data)
                if isinstance(event, dict):
                    texts.append(self._dialect.read(event))
        finally:
            self._think(self._dialect.take_thoughts())
            if summary := self._dialect.take_summary():
                self._listener.on_summary(summary)
            if text := "".join(texts):
                self._keep(text)
                self._say(self._thoughts.feed(text))
        return bool(events)

    def _keep(self, text: str) -> None:
        self._raw_length += len(text)
        if self._raw_length > MAX_RAW_LENGTH:
            raise ModelError("model_invalid_response")
        self._raw.append(text)

    def _say(self, piece: Piece) -> None:
        if piece.retracted:
            self._calls = WrittenCallFilter(self._tools)
            self._listener.on_retract()
        self._think(piece.thought)
        if piece.text:
            self._tell(self._calls.feed(piece.text))

    def _tell(self, text: str) -> None:
        if text:
            self.has_text = True
            self._listener.on_text(text)

    def _think(self, thought: str) -> None:
        if thought:
            self._listener.on_thought(thought)


def _decode_json(data: bytes) -> object:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(data)  # takes halves of characters, which some servers send in two events
    except (ValueError, RecursionError):
        raise ModelError("model_invalid_response") from None
