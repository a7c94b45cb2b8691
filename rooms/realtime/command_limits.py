"""Limits on the commands of one socket, and when a socket is closed for exceeding them.

Refusals cost the server something too. So a socket that is told MAX_REFUSALS times within a minute to wait, and does
not, or that makes MAX_MISTAKES, is closed with 1008. A client that waits as it is told, or sends one message at a time,
is refused a few times a minute at most.
"""

import time

from ..kernel.errors import ChatError
from ..kernel.rate_counters import Window

MAX_COMMANDS, COMMANDS_WITHIN = 100, 10.0  # in seconds; posts are counted a person (rate_limits.py)
MAX_RESUMES, RESUMES_WITHIN = 20, 60.0  # each may read and send as much as a page
MAX_SUBSCRIBES, SUBSCRIBES_WITHIN = 300, 60.0  # the same, and each enters a room
MAX_REFUSALS, REFUSALS_WITHIN = 100, 60.0
MAX_MISTAKES, MISTAKES_WITHIN = 10, 60.0  # frames that are not commands


class CommandLimits:
    """The limits of one socket."""

    __slots__ = ("_commands", "_mistakes", "_refusals", "_resumes", "_subscribes")

    def __init__(self) -> None:
        self._commands = Window(MAX_COMMANDS, COMMANDS_WITHIN)
        self._resumes = Window(MAX_RESUMES, RESUMES_WITHIN)
        self._subscribes = Window(MAX_SUBSCRIBES, SUBSCRIBES_WITHIN)
        # The last of them is the one that exceeds the limit.
        self._refusals = Window(MAX_REFUSALS - 1, REFUSALS_WITHIN)
        self._mistakes = Window(MAX_MISTAKES - 1, MISTAKES_WITHIN)

    def check(self, type: str) -> None:
        """Count a command other than `send`. Raises rate_limited."""
        now = time.monotonic()
        own = {"resume": self._resumes, "subscribe": self._subscribes}.get(type)
        wait = self._commands.take(now) or (own.take(now) if own else 0)
        if wait:
            raise ChatError("too_many_commands", wait, seconds=max(1, round(wait)))

    def too_many_refusals(self) -> bool:
        """Count a `rate_limited` answer. Returns whether the socket is to be closed."""
        return bool(self._refusals.take(time.monotonic()))

    def too_many_mistakes(self) -> bool:
        """Count a frame that was not a command. Returns whether the socket is to be closed."""
        return bool(self._mistakes.take(time.monotonic()))
