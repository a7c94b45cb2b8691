"""The way out of one socket. Nothing here waits: a reader that does not keep up fills a bounded buffer and is closed.

Under our own server frames go straight to the transport, whose buffer is the queue. Under any other ASGI server
(daphne, tests) a queue and a task stand in between.
"""

import asyncio
import time
from collections import deque
from functools import cached_property

from mysite.server import EXTENSION, text_frame

MAX_UNSENT = 1024 * 1024  # bytes
MAX_EVENTS = 256  # that wait for one reader
DEADLINE = 30.0  # seconds that a reader may take nothing
LAST_WORD = 5.0  # seconds to take the close frame


class Frame:
    """A text frame for many readers: encoded once."""

    def __init__(self, text: str, events: int = 1):
        self.text = text
        self.events = events

    @cached_property
    def wire(self) -> bytes:
        return text_frame(self.text)

    @classmethod
    def of(cls, texts: list[str]) -> "Frame":
        """Events that are due together, in one frame."""
        return cls(texts[0]) if len(texts) == 1 else cls(f"[{','.join(texts)}]", len(texts))


class Outlet:
    """What both ways have in common. `write` returns False when the reader is too slow and must be closed."""

    def __init__(self):
        self._behind_since: float | None = None

    def stuck(self) -> bool:
        """Whether the reader has taken nothing for DEADLINE seconds."""
        return self._behind_since is not None and time.monotonic() - self._behind_since > DEADLINE

    def stop(self) -> None:
        """The socket is gone."""


class DirectOutlet(Outlet):
    def __init__(self, protocol):
        super().__init__()
        self._protocol = protocol
        self._waiting = 0
        self._unsent = 0

    def write(self, frame: Frame) -> bool:
        if self._protocol.write_frame(frame.wire):
            self._waiting, self._behind_since = 0, None
            return True
        return self._fall_behind(frame)

    def close(self, code: int, reason: str) -> None:
        self._protocol.close_now(code, reason, LAST_WORD)

    def stuck(self) -> bool:
        if self._behind_since is not None and self._protocol.writable.is_set():
            self._waiting, self._behind_since = 0, None
        return super().stuck()

    def _fall_behind(self, frame: Frame) -> bool:
        unsent = self._protocol.unsent
        if self._behind_since is None or unsent < self._unsent:
            self._behind_since = time.monotonic()
        self._waiting, self._unsent = self._waiting + frame.events, unsent
        return unsent <= MAX_UNSENT and self._waiting <= MAX_EVENTS


class QueuedOutlet(Outlet):
    def __init__(self, send):
        super().__init__()
        self._send = send
        self._queue: deque[dict] = deque()
        self._awake = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._run())

    def write(self, frame: Frame) -> bool:
        self._put({"type": "websocket.send", "text": frame.text})
        return len(self._queue) <= MAX_EVENTS

    def close(self, code: int, reason: str) -> None:
        self._put({"type": "websocket.close", "code": code, "reason": reason})

    def _put(self, message: dict) -> None:
        self._queue.append(message)
        self._awake.set()

    async def _run(self):
        while True:
            await self._awake.wait()
            self._awake.clear()
            while self._queue:
                self._behind_since = time.monotonic()
                message = self._queue.popleft()
                await self._send(message)
                self._behind_since = None
                if message["type"] == "websocket.close":
                    return

    def stop(self) -> None:
        self._task.cancel()


def outlet_for(scope: dict, send) -> Outlet:
    protocol = scope.get("extensions", {}).get(EXTENSION)
    return DirectOutlet(protocol) if protocol else QueuedOutlet(send)
