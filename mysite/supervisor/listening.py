"""The port that web processes share. The parent holds it, so that another program cannot take it when a child dies."""

import errno
import socket
import sys
import time
from contextlib import contextmanager

from .errors import CannotStart

BACKLOG = 2048
# Seconds. The children of a `serve` that was killed release the port a moment later.
_BIND_TIMEOUT = 1.0


class ListeningPort:
    """A port of this machine. Raises CannotStart when it is not available.

    A single process listens on sockets that stay open while it is restarted: new connections wait. Several processes
    have a socket each (on Linux): the system then spreads connections evenly, where with a shared socket the first to
    wake would take a whole burst. When one dies, new connections go to the others.
    """

    def __init__(self, host: str, port: int, processes: int):
        self._addresses = _resolve(host, port)
        self._sockets = self._acquire(host, port)
        self._reuse_port = processes > 1 and sys.platform == "linux"
        if self._reuse_port:  # only after acquiring it exclusively, or two programs could share it by mistake
            self.close()
            self._sockets = [_bind(*address, reuse_port=True) for address in _available(self._addresses)]

    @contextmanager
    def sockets(self):
        """File descriptors for one process to listen on."""
        if not self._reuse_port:
            yield [sock.fileno() for sock in self._sockets]
            return
        # The process calls listen() when it is ready, so no connection reaches it before.
        own = [_bind(*address, reuse_port=True) for address in _available(self._addresses)]
        try:
            yield [sock.fileno() for sock in own]
        finally:
            for sock in own:
                sock.close()

    def close(self) -> None:
        for sock in self._sockets:
            sock.close()

    def _acquire(self, host: str, port: int) -> list[socket.socket]:
        deadline = time.monotonic() + _BIND_TIMEOUT
        while True:
            try:
                return [_listening(_bind(*address)) for address in _available(self._addresses)]
            except OSError as error:
                if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                    raise CannotStart(_explain(error, host, port)) from None
            time.sleep(0.1)


def _resolve(host: str, port: int) -> list[tuple]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise CannotStart(f"HOST is {host!r}, which is no address; use 127.0.0.1, or 0.0.0.0 for all.") from None
    return list(dict.fromkeys((family, address) for family, _type, _protocol, _name, address in found))


def _available(addresses: list[tuple[int, tuple]]) -> list[tuple[int, tuple]]:
    """The addresses that this machine has. ("localhost" may resolve to an IPv6 address where there is no IPv6.)"""
    found: list[tuple[int, tuple]] = []
    refused: OSError | None = None
    for family, address in addresses:
        try:
            with socket.socket(family) as sock:
                sock.bind((address[0], 0, *address[2:]))
        except OSError as error:
            refused = error
        else:
            found.append((family, address))
    if refused and not found:
        raise refused
    return found


def _bind(family: int, address: tuple, reuse_port: bool = False) -> socket.socket:
    sock = socket.socket(family)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if reuse_port:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, address[0] != "::")
        sock.bind(address)
    except OSError:
        sock.close()
        raise
    return sock


def _listening(sock: socket.socket) -> socket.socket:
    try:
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock


def _explain(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use by another program. "
            f"Stop that one, or choose another port, for example: PORT={port + 1 if port < 65535 else 8000} bin/serve"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this account; choose one from 1024 on, for example: PORT=8000 bin/serve"
    return f"HOST is {host!r}, which this machine does not have; use 127.0.0.1, or 0.0.0.0 for all."
