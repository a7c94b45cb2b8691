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

from .dialects import DIALECTS, Dialect, Prompt, Tokens
from .endpoint import OPENAI, Api, Endpoint, is_address, is_key
from .errors import CUT, GARBAGE, Fault, too_late
from .openai_errors import MODEL_ERRORS, NO_ADDRESS, NO_KEY, fault_of, was_refused
from .sse import Events
from .tool_calls import Call
from .transport import Transport, pace


@dataclass
class Limits:
    """Seconds, and tries."""

    connect: float = 5
    first: float = 30  # until the first sign of an answer
    between: float = 20  # from one piece to the next
    after: float = 2  # from the end of the answer to the count that may follow it
    every: float = 0.05  # between reads once it speaks; see http_connection.py
    tries: int = 3
    pause: float = 0.4  # before the second try; doubled before the third
    longest_pause: float = 5  # a server that wants a longer one is not asked again by itself


LIMITS = Limits()


@dataclass(slots=True)
class Said:
    """What came besides the text."""

    calls: list[Call] = field(default_factory=list)
    tokens: Tokens | None = None  # None when the server does not count
    shortened: bool = False


async def ask(
    endpoint: Endpoint, prompt: Prompt, hear: Callable[[str], None], sent: Callable[[bool], None] = lambda _left: None
) -> Said:
    """Ask the model and pass each piece of its text to `hear`. Raises Fault.

    Tried again only while nothing has been heard: what the room has seen is not said twice.
    sent: called with True when a request is about to leave, and with False when it turns out that the server did not
    take it: it could not be reached, or refused.
    """
    pause = LIMITS.pause
    for attempt in range(1, LIMITS.tries + 1):
        listener = _Listener(hear, sent)
        try:
            return await _ask_once(endpoint, prompt, listener)
        except Fault as fault:
            wait = fault.wait if fault.wait is not None else pause
            if not fault.again or listener.heard or attempt == LIMITS.tries or wait > LIMITS.longest_pause:
                raise
        await asyncio.sleep(wait)
        pause *= 2
    raise AssertionError("unreachable")


class _Listener:
    def __init__(self, hear: Callable[[str], None], sent: Callable[[bool], None]):
        self.heard = False
        self.sent = sent
        self._hear = hear

    def __call__(self, piece: str) -> None:
        self.heard = True
        self._hear(piece)


async def _ask_once(endpoint: Endpoint, prompt: Prompt, listener: _Listener) -> Said:
    dialect = DIALECTS[endpoint.api]()
    try:
        await _hear(endpoint, prompt, dialect, listener)
    except Fault:
        if not dialect.ended:  # else only the count is missing
            raise
    if not dialect.ended:
        raise Fault(CUT if listener.heard else GARBAGE, down=True)
    return Said(dialect.calls.usable(), dialect.tokens, dialect.shortened)


async def _hear(endpoint: Endpoint, prompt: Prompt, dialect: Dialect, listener: _Listener) -> None:
    """Read one stream to its end. Raises Fault, whatever broke."""
    request = _request(endpoint, dialect.body(endpoint, prompt))
    listener.sent(True)
    try:
        async with asyncio.timeout(LIMITS.first) as patience:
            # Leaving this block closes the stream, and with it what the model is still writing.
            async with request as response:
                await _read(response, dialect, listener, patience)
    except TimeoutError:
        begun = listener.heard or bool(dialect.signs)
        raise too_late(LIMITS.between if begun else LIMITS.first, begun) from None
    except MODEL_ERRORS as error:
        if was_refused(error):
            listener.sent(False)
        raise fault_of(error, endpoint.model) from error


def _request(endpoint: Endpoint, body: dict):
    if endpoint.temperature is not None:
        body["temperature"] = endpoint.temperature
    client = _client(endpoint)
    # The body as it is: checking every field of it against its types would take the package a millisecond.
    given: dict[str, Any] = {"model": endpoint.model, "stream": True, "extra_body": body}
    if endpoint.api == Api.CHAT:
        return client.chat.completions.with_streaming_response.create(messages=[], **given)
    return client.responses.with_streaming_response.create(input=[], **given)


async def _read(response, dialect: Dialect, listener: _Listener, patience: asyncio.Timeout) -> None:
    now = asyncio.get_running_loop().time
    events = Events()
    async for chunk in response.iter_bytes():
        had_ended = dialect.ended
        came = _take(events.of(chunk), dialect, listener)
        ends = dialect.ended and not had_ended
        if came or ends:
            until = now() + (LIMITS.after if dialect.ended else LIMITS.between)
            # Else only now and then: it costs as much as the reading.
            if ends or abs(until - (patience.when() or 0.0)) > LIMITS.between / 20:
                patience.reschedule(until)
            pace(response.http_response, LIMITS.every)
        if dialect.all_told:
            return
    _take(events.end(), dialect, listener)


def _take(events: list[bytes], dialect: Dialect, listener: _Listener) -> bool:
    """Pass on the text in them, as one piece. Returns whether there was something of an answer in them."""
    texts, signs = [], dialect.signs
    try:
        for data in events:
            if data == b"[DONE]":
                dialect.ended = dialect.all_told = True
                break
            texts.append(dialect.read(_decoded(data)))
    finally:
        if text := "".join(texts):
            listener(text)
    return bool(text) or dialect.signs > signs


def _decoded(data: bytes):
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(data)  # takes halves of characters, which some servers send in two events
    except (ValueError, RecursionError):
        raise Fault(GARBAGE, down=True) from None


_clients: dict[tuple, openai.AsyncOpenAI] = {}


def _client(endpoint: Endpoint) -> openai.AsyncOpenAI:
    """A client for each server, loop and key: it keeps connections."""
    where = (asyncio.get_running_loop(), endpoint.base_url, endpoint.key)
    if where not in _clients:
        for old in [key for key in _clients if key[0].is_closed()]:
            del _clients[old]
        _clients[where] = _made(endpoint)
    return _clients[where]


def _made(endpoint: Endpoint) -> openai.AsyncOpenAI:
    # Not left to the package, which would take OPENAI_BASE_URL, another server than that of this key.
    address = endpoint.base_url or OPENAI
    if not is_address(address):
        raise Fault(NO_ADDRESS)
    if not is_key(endpoint.key):
        raise Fault(NO_KEY)
    try:
        return openai.AsyncOpenAI(
            api_key=endpoint.key or "none",  # servers without keys want none, the package wants one
            base_url=address,
            timeout=httpx2.Timeout(LIMITS.first, connect=LIMITS.connect),
            max_retries=0,  # ours know whether anything was heard
            # Proxies of the environment are the package's own affair; behind one nothing is paced.
            http_client=None if getproxies() else openai.DefaultAsyncHttpxClient(transport=Transport()),
        )
    except httpx2.InvalidURL as error:
        raise Fault(NO_ADDRESS) from error
