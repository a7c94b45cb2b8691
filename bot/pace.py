"""Reading a model's stream a few times at once: while nothing may be sent anyway, tokens wait in the kernel.

Each read through the http stack costs about ten times what the tokens in it do, and the room gets at most 20 deltas
a second. Only a connection that is told to is paced: the first words are never held up.
"""

import asyncio

import httpcore2
import httpx2


class PacedTransport(httpx2.AsyncHTTPTransport):
    """The package's own transport, over connections that can be paced."""

    def __init__(self, **options):
        super().__init__(**options)
        # The pool takes a backend as a parameter, but the transport has none to hand on (tested in test_llm.py).
        self._pool._network_backend = _Backend()


def pace(response: httpx2.Response, every: float) -> None:
    """From now on read the connection of this response at most each so many seconds; 0: as data comes."""
    stream = response.extensions.get("network_stream")
    if isinstance(stream, _Stream):
        stream.every = every


class _Backend(httpcore2.AnyIOBackend):
    async def connect_tcp(self, *args, **options) -> httpcore2.AsyncNetworkStream:
        return _Stream(await super().connect_tcp(*args, **options))


class _Stream(httpcore2.AsyncNetworkStream):
    def __init__(self, inner: httpcore2.AsyncNetworkStream):
        self.every = 0.0
        self._inner = inner
        self._last = 0.0
        self._loop = asyncio.get_running_loop()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 (theirs)
        if self.every and (wait := self._last + self.every - self._loop.time()) > 0:
            await asyncio.sleep(wait)
        data = await self._inner.read(max_bytes, timeout)
        self._last = self._loop.time()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(self, *args, **options) -> httpcore2.AsyncNetworkStream:
        return _Stream(await self._inner.start_tls(*args, **options))

    def get_extra_info(self, info: str):
        return self._inner.get_extra_info(info)
