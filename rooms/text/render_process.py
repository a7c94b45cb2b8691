"""A process that renders texts for another one, which started it (render_pool.py), so that a text can be cut off.

It knows no database and no secret. Each text has so much of the processor's time as its length gives it: a process
that waits for a busy machine loses nothing. Code that takes longer is shown plain, and so is a text that does. What
cannot be interrupted that way ends this process, by a limit of the operating system or by its parent.
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

from .highlighting import highlighted, lexer
from .markup import render

SECONDS, SECONDS_A_CHARACTER = 0.1, 0.000025  # of the processor, for a text: many times what an ordinary one takes
LOADING_SECONDS, MAX_NEW_LANGUAGES = 2.0, 5  # for each language that a text is the first to name
HARD_SECONDS = 1  # … more, after which the operating system ends this process
MEMORY = 512 * 2**20  # bytes of address space
_HEAD = struct.Struct("!I")
_OURS = ("markdown_it.", "rooms.text.markdown.", "rooms.text.markup", "rooms.text.mention_syntax")


class Cut(BaseException):
    """The time is over. No `except Exception` of a library is to stop this."""


def send(connection: socket.socket, frame: dict) -> None:
    data = json.dumps(frame).encode()
    connection.sendall(_HEAD.pack(len(data)) + data)


def receive(connection: socket.socket) -> dict | None:
    """The next frame; None when the other side is gone. Raises what the socket raises, TimeoutError for one."""
    head = _exactly(connection, _HEAD.size)
    data = head and _exactly(connection, *_HEAD.unpack(head))
    return json.loads(data) if data else None


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        piece = connection.recv(min(size - len(data), 2**20))
        if not piece:
            return None
        data += piece
    return bytes(data)


def seconds_for(text: str) -> float:
    return SECONDS + SECONDS_A_CHARACTER * len(text)


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
    signal.signal(signal.SIGPROF, _cut)
    for limit, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, MEMORY)):
        with suppress(ValueError, OSError):  # not every system can
            resource.setrlimit(limit, (value, value))


def _answer(text: str, connection: socket.socket) -> dict:
    """`mentioned` and `marked` as in Rendered, or neither: the text is to be plain. What was `cut` off; `seconds`."""
    began, limit = time.process_time(), seconds_for(text)
    cut: list[str] = []
    with suppress(ValueError, OSError):
        hard = math.ceil(began + 2 * limit + HARD_SECONDS)
        resource.setrlimit(resource.RLIMIT_CPU, (hard, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    answer = {}
    try:
        with _at_most(limit):
            rendered = render(text, _Code(connection, limit, cut).html)
        answer = {"mentioned": rendered.mentioned, "marked": rendered.marked}
    except (Cut, MemoryError, RecursionError) as error:
        cut.append(_construct(error))
    except Exception as error:  # noqa: BLE001 - whatever a text breaks in a library, it must not break what serves it
        answer["failed"] = f"{type(error).__name__} in {_construct(error)}"
    return {**answer, "cut": cut, "seconds": time.process_time() - began}


class _Code:
    """Colours the code of one text, as far as time allows."""

    def __init__(self, connection: socket.socket, seconds: float, cut: list[str]):
        self._connection = connection
        self._seconds = seconds  # of the processor that are left
        self._cut = cut
        self._new = 0  # languages that were not known before

    def html(self, code: str, language: str) -> str | None:
        """None when it is to be plain."""
        if self._seconds <= 0 or not self._known(language):
            return None
        send(self._connection, {"code": language})  # so that the parent knows, should that be the end
        began = time.process_time()
        try:
            with _at_most(self._seconds):
                html = highlighted(code, language)
        except (Cut, MemoryError, RecursionError):
            self._cut.append(language)
            self._seconds = 0
            return None
        self._seconds -= time.process_time() - began
        return html

    def _known(self, language: str) -> bool:
        """Load what a language needs: expensive, and no fault of the text, if it does not name many."""
        if language not in _loaded:
            if self._new == MAX_NEW_LANGUAGES:
                return False
            self._new += 1
            with _at_most(LOADING_SECONDS):
                lexer(language)
            _loaded.add(language)
        return True


_loaded: set[str] = set()


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise Cut when this takes longer. May be nested: what is within has a time of its own."""
    outside = signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, *outside)


def _cut(_number, _frame) -> None:
    raise Cut


def _construct(error: BaseException) -> str:
    """What was being read: the innermost rule of the parser, never a part of the text."""
    modules = [frame.f_globals.get("__name__", "") for frame, _line in traceback.walk_tb(error.__traceback__)]
    return next((module for module in reversed(modules) if module.startswith(_OURS)), "rooms.text.markup")


if __name__ == "__main__":
    main(float(sys.argv[1]))
