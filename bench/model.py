"""A model for measuring: speaks Chat Completions, and streams tokens at the pace that the question asks for.

A question holds `PACE <first ms> <tokens> <every ms>`. The first token says when the question came, the others
when they left: `A<ns>` and `T<ns>`, of the clock that all processes of a machine share. A paragraph has 12 of them, so
that blocks are finished, and rendered, on the way.

python -m bench.model prints its port and serves until it is ended.
"""

import asyncio
import heapq
import json
import re
import time

import uvloop

PACE = re.compile(rb"PACE (\d+) (\d+) (\d+)")
TICK = 0.002  # seconds
PARAGRAPH = 12  # tokens
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
END = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'


class Streams:
    """All answers that are being written, in the order in which their next token is due."""

    def __init__(self):
        self._due: list[tuple[float, int, list]] = []
        self._count = 0

    def add(self, writer: asyncio.StreamWriter, first: float, tokens: int, every: float) -> None:
        came = f"A{time.monotonic_ns()}"
        self._push(time.monotonic() + first, [writer, tokens, every, came])

    async def run(self) -> None:
        while True:
            now = time.monotonic()
            while self._due and self._due[0][0] <= now:
                due, _number, stream = heapq.heappop(self._due)
                self._say(due, stream)
            await asyncio.sleep(TICK)

    def _say(self, due: float, stream: list) -> None:
        writer, tokens, every, came = stream
        if writer.is_closing():
            return
        if tokens == 0:
            writer.write(_chunk(END) + _chunk(b""))
            writer.close()
            return
        end = "\\n\\n" if tokens % PARAGRAPH == 0 else " "  # as JSON
        writer.write(_token((came or f"T{time.monotonic_ns()}") + end))
        stream[1], stream[3] = tokens - 1, ""
        self._push(due + every, stream)

    def _push(self, due: float, stream: list) -> None:
        self._count += 1
        heapq.heappush(self._due, (due, self._count, stream))


# As long as the real ones.
_BEFORE, _AFTER = (
    part.encode()
    for part in (
        "data: "
        + json.dumps(
            {
                "id": "chatcmpl-Bcd3fGh1jKlMn0pQrStUvWxYz",
                "object": "chat.completion.chunk",
                "created": 1790000000,
                "model": "measured-1",
                "service_tier": "default",
                "system_fingerprint": "fp_0123456789",
                "choices": [{"index": 0, "delta": {"content": "TEXT"}, "logprobs": None, "finish_reason": None}],
            }
        )
        + "\n\n"
    ).split("TEXT")
)


def _token(text: str) -> bytes:
    return _chunk(_BEFORE + text.encode() + _AFTER)


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


async def serve() -> None:
    streams = Streams()

    async def answer(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
        first, tokens, every = map(int, PACE.findall(await reader.readexactly(size))[-1])
        writer.write(HEAD)
        streams.add(writer, first / 1000, tokens, every / 1000)

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await streams.run()


if __name__ == "__main__":
    uvloop.run(serve())
