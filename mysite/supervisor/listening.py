"""The port that web processes share. The parent holds it, so that a dying child never loses it to somebody else."""

import errno
import socket
import sys
import time
from contextlib import contextmanager

from .errors import CannotStart

BACKLOG = 2048
# A `serve` that was killed leaves children that let go of the port only a moment later.
_PATIENCE = 1.0  # seconds


class Port:
    """A port of this machine. Raises CannotStart when it cannot be had.

    One process listens on sockets that stay open while it is started again: whoever comes meanwhile waits. Of
    several, each has its own (on Linux): the system then spreads connections evenly, where from a shared one the
    first to wake takes a whole burst; and when one dies, newcomers go to the others.
    """

    def __init__(self, host: str, port: int, processes: int):
        self._addresses = _addresses(host, port)
        self._held = self._take(host, port)
        self._apart = processes > 1 and sys.platform == "linux"
        if self._apart:  # only now, or two programs could have the port at once without noticing
            self.close()
            self._held = [_bind(*address, apart=True) for address in _open_ones(self._addresses)]

    @contextmanager
    def sockets(self):
        """File descriptors for one process to listen on."""
        if not self._apart:
            yield [sock.fileno() for sock in self._held]
            return
        # It listens itself once it is ready: nobody is sent to a process that still starts.
        own = [_bind(*address, apart=True) for address in _open_ones(self._addresses)]
        try:
            yield [sock.fileno() for sock in own]
        finally:
            for sock in own:
                sock.close()

    def close(self) -> None:
        for sock in self._held:
            sock.close()

    def _take(self, host: str, port: int) -> list[socket.socket]:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                return [_listening(_bind(*address)) for address in _open_ones(self._addresses)]
            except OSError as error:
                if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                    raise CannotStart(_sentence(error, host, port)) from None
            time.sleep(0.1)


def _addresses(host: str, port: int) -> list[tuple]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise CannotStart(f"HOST is {host!r}, which is no address; use 127.0.0.1, or 0.0.0.0 for all.") from None
    return list(dict.fromkeys((family, address) for family, _type, _protocol, _name, address in found))


def _open_ones(addresses: list[tuple[int, tuple]]) -> list[tuple[int, tuple]]:
    """Those that this machine has: "localhost" may stand for an IPv6 address where there is no IPv6."""
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


def _bind(family: int, address: tuple, apart: bool = False) -> socket.socket:
    sock = socket.socket(family)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if apart:
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


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use by another program. "
            f"Stop that one, or choose another port, for example: PORT={port + 1 if port < 65535 else 8000} bin/serve"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this account; choose one from 1024 on, for example: PORT=8000 bin/serve"
    return f"HOST is {host!r}, which this machine does not have; use 127.0.0.1, or 0.0.0.0 for all."
