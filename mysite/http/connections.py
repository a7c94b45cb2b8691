"""The HTTP connections of a web process by address block, and the bytes of requests that are not answered yet.

An address with many connections is an office, or somebody who wants to exhaust us. So nobody is refused at first: a new
connection takes the place of the one of the same block that has been doing nothing for longest.
"""

from collections import Counter
from typing import Protocol

from django.conf import settings

from .limits import MAX_UNFINISHED


class Connection(Protocol):
    def is_idle(self) -> bool:
        """Whether it does nothing that somebody waits for."""

    def close(self) -> None: ...


class Connections:
    """One for each server. Blocks are those of accounts.security.client_addresses; None stands for a trusted proxy,
    without a limit."""

    def __init__(self):
        self._by_block: dict[str, dict[Connection, None]] = {}  # the oldest first
        self._unfinished: Counter[str] = Counter()

    def add(self, block: str | None, connection: Connection) -> bool:
        """False when this block has too many, and all of them are busy."""
        if block is None:
            return True
        theirs = self._by_block.setdefault(block, {})
        if len(theirs) >= settings.MAX_CONNECTIONS_PER_ADDRESS and not _make_room(theirs):
            return False
        theirs[connection] = None
        return True

    def remove(self, block: str | None, connection: Connection) -> None:
        if block is None:
            return
        theirs = self._by_block.get(block)
        if theirs is not None:
            theirs.pop(connection, None)
            if not theirs:
                del self._by_block[block]

    def hold(self, block: str, count: int) -> bool:
        """Count bytes of an unfinished request, until `release`. False when they are too many for this block."""
        self._unfinished[block] += count
        return self._unfinished[block] <= MAX_UNFINISHED

    def release(self, block: str, count: int) -> None:
        self._unfinished[block] -= count
        if not self._unfinished[block]:
            del self._unfinished[block]


class Held:
    """The bytes of one connection's unfinished requests."""

    def __init__(self, connections: Connections):
        self._connections = connections
        self._block, self._count = "", 0

    def add(self, block: str, count: int) -> bool:
        """False when they are too many for this address block. (Those of one connection count for one block.)"""
        self._block = self._block or block
        self._count += count
        return self._connections.hold(self._block, count)

    def release(self) -> None:
        if self._count:
            self._connections.release(self._block, self._count)
        self._block, self._count = "", 0


def _make_room(theirs: dict[Connection, None]) -> bool:
    for connection in theirs:
        if connection.is_idle():
            del theirs[connection]
            connection.close()
            return True
    return False
