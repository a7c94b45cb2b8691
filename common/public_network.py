"""Connects to servers that people name, but only at public addresses.

A host name is resolved once, its addresses are checked, and the connection goes to one of them. So a name that resolves
to another address a moment later has no effect.
"""

import asyncio
import socket
from typing import Any

import httpcore2

from .public_addresses import is_public


class PublicBackend(httpcore2.AnyIOBackend):
    """trusted: the server may be on a private network."""

    def __init__(self, trusted: bool):
        self._trusted = trusted

    async def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> httpcore2.AsyncNetworkStream:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
        if not self._trusted and not all(map(is_public, addresses)):
            raise httpcore2.ConnectError(f"{host} is on a private network")
        error: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in dict.fromkeys(addresses):
            try:
                return await super().connect_tcp(address, port, *args, **kwargs)
            except httpcore2.ConnectError as refused:
                error = refused
        raise error
