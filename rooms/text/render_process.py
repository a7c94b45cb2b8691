"""A child process that renders texts for its parent (render_pool.py), so that rendering can be interrupted.

It has no database access and no secrets. Each text gets CPU time in proportion to its length, so a busy machine does
not matter. Code that needs more is not highlighted, and a text that needs more is shown as plain text. Where Python
cannot interrupt the work, the operating system or the parent kills this process.
"""

import gc
import json
import math
import resource
import signal
import socket
import struct
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from .highlighting import get_lexer, highlight_code
from .markup import render

BASE_SECONDS, SECONDS_PER_CHARACTER = (
    0.1,
    0.000025,
)  # of CPU time for a text, many times what an ordinary one takes
LOADING_SECONDS, MAX_NEW_LANGUAGES = 2.0, 5  # for each language that is loaded for the first time
HARD_SECONDS = 1  # CPU time beyond the limit, after which the operating system kills this process
MEMORY = 512 * 2**20  # bytes of address space
_HEAD = struct.Struct("!I")
_OURS = (
    "markdown_it.",
    "rooms.text.formulas",
    "rooms.text.markdown.",
    "rooms.text.markup",
    "rooms.text.mention_syntax",
)


class Cut(BaseException):
    """The time is over. A BaseException, so that no `except Exception` of a library catches it."""


def send(connection: socket.socket, frame: dict) -> None:
    """Write one frame: its length in 4 bytes, then JSON. Blocks until the other side has room for it."""
    data = json.dumps(frame).encode()
    connection.sendall(_HEAD.pack(len(data)) + data)


def receive(connection: socket.socket) -> dict | None:
    """The next frame; None when the other side has closed. Raises the socket's errors, such as TimeoutError."""
    head = _receive_exactly(connection, _HEAD.size)
    data = head and _receive_exactly(connection, *_HEAD.unpack(head))
    return json.loads(data) if data else None


def _receive_exactly(connection: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        piece = connection.recv(min(size - len(data), 2**20))
        if not piece:
            return None
        data += piece
    return bytes(data)


def time_limit_for(text: str) -> float:
    """In seconds of processor time."""
    return BASE_SECONDS + SECONDS_PER_CHARACTER * len(text)


def main(idle_seconds: float) -> None:
    """Serve until the parent is gone, or has asked for nothing for so long (0: it may take any time)."""
    _limit_this_process()
    connection = socket.socket(fileno=0)
    connection.settimeout(idle_seconds or None)
    gc.disable()
    gc.freeze()
    send(connection, {})
    with suppress(TimeoutError, ConnectionError):
        while asked := receive(connection):
            send(connection, _answer(asked["text"], connection))
            gc.collect()  # what one text left; nothing is looked through while a text is waited for


def _limit_this_process() -> None:
    for number in (
        signal.SIGINT,
        signal.SIGTERM,
    ):  # sent to the whole group: the parent ends us when it needs us no more
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, _raise_cut)
    for limit, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, MEMORY)):
        with suppress(ValueError, OSError):  # not every system can
            resource.setrlimit(limit, (value, value))


def _answer(text: str, connection: socket.socket) -> dict:
    """`mentioned` and `marked` as in Rendered, or neither: the text is to be plain. What was `cut` off; `seconds`."""
    began, limit = time.process_time(), time_limit_for(text)
    cut: list[str] = []
    with suppress(ValueError, OSError):
        hard = math.ceil(began + 2 * limit + HARD_SECONDS)
        resource.setrlimit(resource.RLIMIT_CPU, (hard, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    answer = {}
    try:
        with _time_limit(limit):
            rendered = render(text, _Highlighter(connection, limit, cut).html)
        answer = {"mentioned": rendered.mentioned, "marked": rendered.marked}
    except (Cut, MemoryError, RecursionError) as error:
        cut.append(_innermost_module(error))
    except Exception as error:  # noqa: BLE001 - a bug in a library must not end this process
        answer["failed"] = f"{type(error).__name__} in {_innermost_module(error)}"
    return {**answer, "cut": cut, "seconds": time.process_time() - began}


class _Highlighter:
    """Highlights the code of one text, as far as time allows."""

    def __init__(self, connection: socket.socket, seconds: float, cut: list[str]):
        self._connection = connection
        self._seconds = seconds  # CPU time left
        self._cut = cut
        self._new = 0  # languages loaded for this text

    def html(self, code: str, language: str) -> str | None:
        """HTML of the code; None to show it plain."""
        if self._seconds <= 0 or not self._known(language):
            return None
        send(self._connection, {"code": language})  # so that the parent knows what this process was working on
        began = time.process_time()
        try:
            with _time_limit(self._seconds):
                html = highlight_code(code, language)
        except (Cut, MemoryError, RecursionError):
            self._cut.append(language)
            self._seconds = 0
            return None
        self._seconds -= time.process_time() - began
        return html

    def _known(self, language: str) -> bool:
        """Load a language's lexer, which is expensive and does not count for the text. False after too many."""
        if language not in _loaded:
            if self._new == MAX_NEW_LANGUAGES:
                return False
            self._new += 1
            with _time_limit(LOADING_SECONDS):
                get_lexer(language)
            _loaded.add(language)
        return True


_loaded: set[str] = set()


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise Cut when the block takes longer. Can be nested: the inner block has its own time."""
    outside = signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, *outside)


def _raise_cut(_number, _frame) -> None:
    raise Cut


def _innermost_module(error: BaseException) -> str:
    """The innermost module of the parser in the traceback. Never contains a part of the text."""
    modules = [frame.f_globals.get("__name__", "") for frame, _line in traceback.walk_tb(error.__traceback__)]
    return next((module for module in reversed(modules) if module.startswith(_OURS)), "rooms.text.markup")


if __name__ == "__main__":
    main(float(sys.argv[1]))
