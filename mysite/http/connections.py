"""The HTTP connections of a web process by address block, and the bytes of its unanswered requests.

An address with many connections is an office or an attacker. So a new connection is not refused at first: it replaces
the connection of the same block that has been idle for longest.
"""

from collections import Counter
from typing import Protocol

from django.conf import settings

from .limits import MAX_PENDING_BYTES


class Connection(Protocol):
    def is_idle(self) -> bool:
        """Whether no request is being received or answered."""

    def close(self) -> None:
        """Break it off at once."""


class ConnectionRegistry:
    """One for each server.

    block: an address block of accounts.security.client_addresses; None: a trusted proxy, which has no limit.
    """

    def __init__(self):
        self._by_block: dict[str, dict[Connection, None]] = {}  # oldest first
        self._pending: Counter[str] = Counter()

    def add(self, block: str | None, connection: Connection) -> bool:
        """Register a connection. Returns False when its block has too many and none of them is idle."""
        if block is None:
            return True
        connections = self._by_block.setdefault(block, {})
        if len(connections) >= settings.MAX_CONNECTIONS_PER_ADDRESS and not _close_an_idle_one(connections):
            return False
        connections[connection] = None
        return True

    def remove(self, block: str | None, connection: Connection) -> None:
        """block: as it was added; None, as of connections that are not counted, does nothing."""
        if block is None:
            return
        connections = self._by_block.get(block)
        if connections is not None:
            connections.pop(connection, None)
            if not connections:
                del self._by_block[block]

    def add_pending(self, block: str, count: int) -> bool:
        """Count bytes of an unanswered request, until `remove_pending`. Returns False when its block has too many."""
        self._pending[block] += count
        return self._pending[block] <= MAX_PENDING_BYTES

    def remove_pending(self, block: str, count: int) -> None:
        """Bytes of a request that was answered or has ended."""
        self._pending[block] -= count
        if not self._pending[block]:
            del self._pending[block]


class PendingBytes:
    """The bytes of one connection's unanswered requests."""

    def __init__(self, connections: ConnectionRegistry):
        self._connections = connections
        self._block, self._count = "", 0

    def add(self, block: str, count: int) -> bool:
        """Returns False when the address block has too many. (A connection counts for the block that it began with.)"""
        self._block = self._block or block
        self._count += count
        return self._connections.add_pending(self._block, count)

    def clear(self) -> None:
        """The request is answered: its bytes do not count any more."""
        if self._count:
            self._connections.remove_pending(self._block, self._count)
        self._block, self._count = "", 0


def _close_an_idle_one(connections: dict[Connection, None]) -> bool:
    for connection in connections:
        if connection.is_idle():
            del connections[connection]
            connection.close()
            return True
    return False
