"""One question to one model, streamed, through the openai package; any server that speaks its API.

The package makes the request (address, key, errors); the stream's bytes are read here, which costs a fraction of
its typed events and takes broken ones as what they are.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.request import getproxies

import httpx2
import openai
import orjson

from .dialects import DIALECTS, Dialect, Prompt, TokenUsage
from .endpoint import OPENAI_URL, ModelApi, ModelEndpoint, is_valid_key, is_valid_url
from .errors import CONNECTION_LOST, INVALID_RESPONSE, ModelError, timeout_error
from .openai_errors import CLIENT_ERRORS, INVALID_ADDRESS, INVALID_KEY, to_model_error, was_refused
from .sse import EventParser
from .tool_calls import ToolCall
from .transport import PooledTransport, set_read_interval


@dataclass
class Limits:
    """Seconds, and tries."""

    connect: float = 5
    first_token: float = 30  # until the first sign of an answer
    between_chunks: float = 20  # from one piece to the next
    usage_wait: float = 2  # from the end of the answer to the count that may follow it
    read_interval: float = 0.05  # between reads once it speaks; see http_connection.py
    max_attempts: int = 3
    backoff: float = 0.4  # before the second try; doubled before the third
    max_backoff: float = 5  # a server that wants a longer one is not asked again by itself


LIMITS = Limits()


@dataclass(slots=True)
class ModelResponse:
    """What came besides the text."""

    tool_calls: list[ToolCall] = field(default_factory=list)
    tokens: TokenUsage | None = None  # None when the server does not count
    truncated: bool = False


async def stream_response(
    endpoint: ModelEndpoint,
    prompt: Prompt,
    on_text: Callable[[str], None],
    on_request: Callable[[bool], None] = lambda _left: None,
) -> ModelResponse:
    """Ask the model and pass each piece of its text to `on_text`. Raises ModelError.

    Tried again only while nothing has been heard: what the room has seen is not said twice.
    on_request: called with True when a request is about to leave, and with False when it turns out that the server
    did not take it: it could not be reached, or refused.
    """
    pause = LIMITS.backoff
    for attempt in range(1, LIMITS.max_attempts + 1):
        listener = _ResponseListener(on_text, on_request)
        try:
            return await _attempt(endpoint, prompt, listener)
        except ModelError as error:
            retry_after = error.retry_after if error.retry_after is not None else pause
            if (
                not error.retryable
                or listener.has_text
                or attempt == LIMITS.max_attempts
                or retry_after > LIMITS.max_backoff
            ):
                raise
        await asyncio.sleep(retry_after)
        pause *= 2
    raise AssertionError("unreachable")


class _ResponseListener:
    def __init__(self, on_text: Callable[[str], None], on_request: Callable[[bool], None]):
        self.has_text = False
        self.on_request = on_request
        self._on_text = on_text

    def __call__(self, piece: str) -> None:
        self.has_text = True
        self._on_text(piece)


async def _attempt(endpoint: ModelEndpoint, prompt: Prompt, listener: _ResponseListener) -> ModelResponse:
    dialect = DIALECTS[endpoint.api]()
    try:
        await _read_stream(endpoint, prompt, dialect, listener)
    except ModelError:
        if not dialect.ended:  # else only the count is missing
            raise
    if not dialect.ended:
        raise ModelError(CONNECTION_LOST if listener.has_text else INVALID_RESPONSE, is_outage=True)
    return ModelResponse(dialect.tool_calls.usable(), dialect.tokens, dialect.truncated)


async def _read_stream(endpoint: ModelEndpoint, prompt: Prompt, dialect: Dialect, listener: _ResponseListener) -> None:
    """Read one stream to its end. Raises ModelError, whatever broke."""
    request = _request(endpoint, dialect.body(endpoint, prompt))
    listener.on_request(True)
    try:
        async with asyncio.timeout(LIMITS.first_token) as patience:
            # Leaving this block closes the stream, and with it what the model is still writing.
            async with request as response:
                await _read_events(response, dialect, listener, patience)
    except TimeoutError:
        begun = listener.has_text or bool(dialect.activity)
        raise timeout_error(LIMITS.between_chunks if begun else LIMITS.first_token, begun) from None
    except CLIENT_ERRORS as error:
        if was_refused(error):
            listener.on_request(False)
        raise to_model_error(error, endpoint.model) from error


def _request(endpoint: ModelEndpoint, body: dict):
    if endpoint.temperature is not None:
        body["temperature"] = endpoint.temperature
    client = _client(endpoint)
    # The body as it is: checking every field of it against its types would take the package a millisecond.
    given: dict[str, Any] = {"model": endpoint.model, "stream": True, "extra_body": body}
    if endpoint.api == ModelApi.CHAT:
        return client.chat.completions.with_streaming_response.create(messages=[], **given)
    return client.responses.with_streaming_response.create(input=[], **given)


async def _read_events(response, dialect: Dialect, listener: _ResponseListener, patience: asyncio.Timeout) -> None:
    now = asyncio.get_running_loop().time
    events = EventParser()
    async for chunk in response.iter_bytes():
        had_ended = dialect.ended
        came = _dispatch(events.feed(chunk), dialect, listener)
        ends = dialect.ended and not had_ended
        if came or ends:
            until = now() + (LIMITS.usage_wait if dialect.ended else LIMITS.between_chunks)
            # Else only now and then: it costs as much as the reading.
            if ends or abs(until - (patience.when() or 0.0)) > LIMITS.between_chunks / 20:
                patience.reschedule(until)
            set_read_interval(response.http_response, LIMITS.read_interval)
        if dialect.stream_complete:
            return
    _dispatch(events.flush(), dialect, listener)


def _dispatch(events: list[bytes], dialect: Dialect, listener: _ResponseListener) -> bool:
    """Pass on the text in them, as one piece. Returns whether there was something of an answer in them."""
    texts, activity = [], dialect.activity
    try:
        for data in events:
            if data == b"[DONE]":
                dialect.ended = dialect.stream_complete = True
                break
            texts.append(dialect.read(_decode_json(data)))
    finally:
        if text := "".join(texts):
            listener(text)
    return bool(text) or dialect.activity > activity


def _decode_json(data: bytes):
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(data)  # takes halves of characters, which some servers send in two events
    except (ValueError, RecursionError):
        raise ModelError(INVALID_RESPONSE, is_outage=True) from None


_clients: dict[tuple, openai.AsyncOpenAI] = {}


def _client(endpoint: ModelEndpoint) -> openai.AsyncOpenAI:
    """A client for each server, loop and key: it keeps connections."""
    where = (asyncio.get_running_loop(), endpoint.base_url, endpoint.key)
    if where not in _clients:
        for old in [key for key in _clients if key[0].is_closed()]:
            del _clients[old]
        _clients[where] = _make_client(endpoint)
    return _clients[where]


def _make_client(endpoint: ModelEndpoint) -> openai.AsyncOpenAI:
    # Not left to the package, which would take OPENAI_BASE_URL, another server than that of this key.
    address = endpoint.base_url or OPENAI_URL
    if not is_valid_url(address):
        raise ModelError(INVALID_ADDRESS)
    if not is_valid_key(endpoint.key):
        raise ModelError(INVALID_KEY)
    try:
        return openai.AsyncOpenAI(
            api_key=endpoint.key or "none",  # servers without keys want none, the package wants one
            base_url=address,
            timeout=httpx2.Timeout(LIMITS.first_token, connect=LIMITS.connect),
            max_retries=0,  # ours know whether anything was heard
            # Proxies of the environment are the package's own affair; behind one nothing is paced.
            http_client=None if getproxies() else openai.DefaultAsyncHttpxClient(transport=PooledTransport()),
        )
    except httpx2.InvalidURL as error:
        raise ModelError(INVALID_ADDRESS) from error
