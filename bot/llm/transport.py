"""How requests to models travel, under the openai package: few steps between the socket and who reads.

The usual transport (httpx2 on httpcore2, h11 and anyio) takes each chunk through a parser in Python and eight
coroutines, which costs three times as much, and has 100 connections at most. This one knows no proxies.
"""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator
from functools import cached_property

import httpx2

from .http_connection import HttpConnection

KEEP_ALIVE = 15.0  # seconds that a connection waits for the next question

_PORTS = {"http": 80, "https": 443}
Origin = tuple[str, str, int]  # scheme, host, port


class PooledTransport(httpx2.AsyncBaseTransport):
    """Connections to any number of servers. While a body is read, patience is the caller's."""

    def __init__(self):
        self._idle: dict[Origin, list[HttpConnection]] = defaultdict(list)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Returns when the head has come; the body is read as it comes, and gives the connection back at its end.

        Raises httpx2's exceptions, which the openai package knows.
        """
        limits, url = request.extensions.get("timeout", {}), request.url
        if url.scheme not in _PORTS:
            raise httpx2.UnsupportedProtocol(f"{url.scheme}:// is not spoken here")
        origin = url.scheme, url.host, url.port or _PORTS[url.scheme]
        connection = self._take_idle(origin) or await self._connect(*origin, limits.get("connect"))
        try:
            status, headers = await connection.send_request(_serialize(request), limits.get("read"))
        except BaseException:
            connection.close()
            raise
        body = _ResponseBody(connection, self._idle[origin])
        return httpx2.Response(status, headers=headers, stream=body, extensions={"connection": connection})

    async def aclose(self) -> None:
        for connections in self._idle.values():
            for connection in connections:
                connection.close()

    def _take_idle(self, origin: Origin) -> HttpConnection | None:
        while kept := self._idle[origin]:
            if (connection := kept.pop()).is_usable:
                return connection
        return None

    async def _connect(self, scheme: str, host: str, port: int, seconds: float | None) -> HttpConnection:
        context = self._ssl if scheme == "https" else None
        try:
            async with asyncio.timeout(seconds):
                return (await asyncio.get_running_loop().create_connection(HttpConnection, host, port, ssl=context))[1]
        except TimeoutError:
            how = ", or it does not speak https" if context else ""
            raise httpx2.ConnectTimeout(f"no connection to {host} within {seconds:g} seconds{how}") from None
        except (OSError, UnicodeError) as error:  # the second: a server may name an impossible host to go on to
            raise httpx2.ConnectError(str(error)) from error

    @cached_property
    def _ssl(self) -> ssl.SSLContext:
        return httpx2.create_ssl_context()


def set_read_interval(response: httpx2.Response, every: float) -> None:
    """From now on read the connection of this response at most each so many seconds."""
    if connection := response.extensions.get("connection"):
        connection.set_read_interval(every)


class _ResponseBody(httpx2.AsyncByteStream):
    def __init__(self, connection: HttpConnection, kept: list[HttpConnection]):
        self._connection = connection
        self._idle = kept

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while data := await self._connection.read():
            yield data

    async def aclose(self) -> None:
        self._idle[:] = [connection for connection in self._idle if connection.is_usable]
        if self._connection.is_usable:
            self._idle.append(self._connection)
            self._connection.close_when_idle(KEEP_ALIVE)
        else:
            self._connection.close()


def _serialize(request: httpx2.Request) -> bytes:
    head = [b"%b %b HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    head += [b"%b: %b" % header for header in request.headers.raw]
    return b"\r\n".join([*head, b"", request.content])
