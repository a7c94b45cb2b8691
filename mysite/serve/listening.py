"""The sockets that web children share: made once, so that a dying child refuses nobody and no port is lost."""

import errno
import socket
import time

from .errors import CannotStart

BACKLOG = 2048
# A `serve` that was killed leaves children that let go of the port only a moment later.
_PATIENCE = 1.0  # seconds


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen on every address of `host` ("localhost" has two). Raises CannotStart."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return _bind_all(_addresses(host, port))
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


def _bind_all(addresses: list[tuple]) -> list[socket.socket]:
    bound, refused = [], None
    for family, address in addresses:
        try:
            bound.append(_bind(family, address))
        except OSError as error:
            refused = error
            if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):  # e.g. no IPv6 on this machine
                break
    if refused and (not bound or refused.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)):
        for sock in bound:
            sock.close()
        raise refused
    return bound


def _bind(family: int, address: tuple) -> socket.socket:
    sock = socket.socket(family)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, address[0] != "::")
        sock.bind(address)
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
