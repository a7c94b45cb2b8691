"""A port for a program that is about to start."""

import random
import socket

_OWN = range(20_000, 32_000)  # below those that systems give to outgoing connections, which come in thousands here


def free_port() -> int:
    """A port on 127.0.0.1 that nobody uses, and that nobody is likely to get before the program does."""
    for port in random.sample(_OWN, 100):  # by chance, so that processes spread
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no port is free on 127.0.0.1")
