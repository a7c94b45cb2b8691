"""A model on this machine: an HTTP server that speaks the OpenAI API in both dialects, and does what a test says.

    with ModelServer() as model:
        model.say("Hello **all**")                      # to every question from now on
        model.next(Reply("First"), Reply.error(500))    # to the next two, once
        ...
        model.requests[0].body["messages"]; model.requests[0].wait_closed()

POST /v1/chat/completions and /v1/responses, streamed or not; GET /v1/models. Plain threads outside, asyncio inside.
"""

import asyncio
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from . import model_dialects
from .model_replies import Reply, Request

_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}
_DIALECTS = {"/v1/chat/completions": model_dialects.Chat, "/v1/responses": model_dialects.Responses}


class ModelServer:
    """The server in a thread of its own. Scripted by `say`, `next` and `answer_with`, read through `requests`."""

    def __init__(self, port: int = 0, api_key: str | None = None, models: tuple[str, ...] | None = None):
        """api_key: others get 401. models: others get 404; None takes any."""
        self.port, self.api_key, self.models = port, api_key, models
        self.requests: list[Request] = []
        self._default: Reply | Callable[[Request], Reply] = Reply()
        self._next: deque[Reply] = deque()
        self._came = threading.Condition()
        self._up = threading.Event()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def say(self, text: str | list[str], **behaviour) -> Reply:
        """Answer every question from now on with this; `behaviour` as in Reply."""
        self._default = Reply(text, **behaviour)
        return self._default

    def answer_with(self, answer: Reply | Callable[[Request], Reply]) -> None:
        """The same with a Reply, or with a function that makes one of the question."""
        self._default = answer

    def next(self, *replies: Reply) -> None:
        """Answer the next questions with these, each once; after that as before."""
        self._next.extend(replies)

    def reset(self) -> None:
        """Forget all questions, and say "Hello." again."""
        self.requests.clear()
        self._next.clear()
        self._default = Reply()

    def wait_for_request(self, count: int = 1, seconds: float = 30) -> Request:
        """The count-th question so far; fails when it does not come."""
        with self._came:
            if not self._came.wait_for(lambda: len(self.requests) >= count, seconds):
                raise AssertionError(f"the model got {len(self.requests)} of {count} requests")
        return self.requests[count - 1]

    def start(self) -> "ModelServer":
        self._thread = threading.Thread(target=self._run, daemon=True, name="model")
        self._thread.start()
        self._up.wait()
        return self

    def stop(self) -> None:
        if self._up.is_set():
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join()
            self._up.clear()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_exc):
        self.stop()

    def _run(self):
        asyncio.run(self._serve())

    async def _serve(self):
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", self.port, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        await self._end.wait()
        server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connection(self, reader, writer):
        try:
            while request := await _read(reader):
                if not await self._answer(request, reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _answer(self, request: Request, reader, writer) -> bool:
        """Answer one request. False when the connection is of no more use."""
        if request.path == "/v1/models":
            await _send_whole(writer, Reply(raw=json.dumps(model_dialects.models(self.models)).encode()))
            return True
        reply = self._reply_to(request)
        with self._came:
            self.requests.append(request)
            self._came.notify_all()
        # A client sends nothing while it waits for the answer: what comes now can only be its end.
        answering = asyncio.ensure_future(_answer_with(reply, request, writer))
        leaving = asyncio.ensure_future(reader.read(1))
        await asyncio.wait([answering, leaving], return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            answering.cancel()
        outcome = (await asyncio.gather(answering, return_exceptions=True))[0]
        if outcome is True:
            request.finished.set()
        elif isinstance(outcome, (asyncio.CancelledError, ConnectionError)):
            request.closed.set()
        elif isinstance(outcome, Exception):
            raise outcome
        # The next request's first byte may have been eaten by now, so a connection serves one answer.
        leaving.cancel()
        return False

    def _reply_to(self, request: Request) -> Reply:
        if request.path not in _DIALECTS:
            return Reply.error(404, f"Invalid URL ({request.method} {request.path})")
        if self.api_key is not None and request.headers.get("authorization") != f"Bearer {self.api_key}":
            return Reply.error(401, "Incorrect API key provided.", "invalid_api_key")
        model = request.body.get("model")
        if self.models is not None and model not in self.models:
            return Reply.error(404, f"The model `{model}` does not exist.", "model_not_found")
        if self._next:
            return self._next.popleft()
        return replace(self._default) if isinstance(self._default, Reply) else self._default(request)


async def _answer_with(reply: Reply, request: Request, writer) -> bool:
    await asyncio.sleep(reply.first_delay)
    if reply.raw is not None:
        await _send_whole(writer, reply)
        return True
    dialect = _DIALECTS[request.path](request.body, reply.usage)
    if not request.body.get("stream"):
        body = dialect.whole(reply.pieces, reply.calls)
        await _send_whole(writer, replace(reply, raw=json.dumps(body, ensure_ascii=False).encode()))
        return True
    return await _stream(reply, request, dialect, writer)


async def _stream(reply: Reply, request: Request, dialect, writer) -> bool:
    """Send the answer as server-sent events. False when it was cut on purpose."""
    await _send_head(writer, reply, "text/event-stream; charset=utf-8", {"transfer-encoding": "chunked"})
    await _send(writer, dialect.begin(), reply)
    if reply.summary and isinstance(dialect, model_dialects.Responses):
        await _send(writer, dialect.summarize(reply.summary), reply)
    for count, piece in enumerate([*reply.pieces, None]):
        if count == reply.hold_after and reply.hold:
            while not reply.hold.is_set():  # noqa: ASYNC110 (set by another thread)
                await asyncio.sleep(0.005)
        if count == reply.stall_after:
            await asyncio.sleep(3600)
        if count == reply.cut_after:
            writer.transport.abort()
            return False
        if count == reply.fail_after:
            await _send(writer, dialect.error("The server had an error while processing your request."), reply)
            break
        if piece is not None:
            await _send(writer, dialect.piece(piece), reply)
            request.sent = count + 1
            await asyncio.sleep(reply.token_delay)
    else:
        await _send(writer, dialect.calls(reply.calls), reply)
        await _send(writer, dialect.end(), reply)
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return True


async def _send(writer, events: list[str], reply: Reply):
    if reply.comments:
        events = [part for event in events for part in (": keep-alive\n\n", event)]
    for event in events:
        data = event.encode()
        size = reply.chunk_size or len(data)
        for start in range(0, len(data), size):
            piece = data[start : start + size]
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await writer.drain()
            if reply.chunk_size:
                await asyncio.sleep(0)


async def _send_whole(writer, reply: Reply):
    await _send_head(writer, reply, reply.raw_type, {"content-length": str(len(reply.raw))})
    writer.write(reply.raw)
    await writer.drain()


async def _send_head(writer, reply: Reply, content_type: str, more: dict[str, str]):
    headers = {"content-type": content_type, "connection": "close", **more, **reply.headers}
    lines = [f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, 'Error')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode())


async def _read(reader) -> Request | None:
    """The next request of a connection; None when there is none."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    method, path, _version = first.split(" ")
    return Request(method, path, headers, json.loads(body) if body else {})
