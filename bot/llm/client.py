"""One question to one model, streamed, through the openai package; any server that speaks its API.

The package makes the request (address, key, errors); the stream's bytes are read in answer_reader.py, which costs a
fraction of its typed events and takes broken ones as what they are.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx2
import openai

from .answer_reader import AnswerReader
from .chat_dialect import ChatDialect
from .clients import get_client
from .dialect import Dialect, TokenUsage
from .endpoint import ModelApi, ModelEndpoint
from .errors import ModelError, timeout_error
from .failures import ServerError, ServerReported, to_model_error
from .listener import Listener
from .openai_errors import CLIENT_ERRORS, from_silence, to_server_error, was_refused
from .prompt import Prompt, build_body
from .responses_dialect import ResponsesDialect
from .tool_calls import ToolCall
from .transport import set_read_interval


@dataclass
class Limits:
    """Seconds, and tries. How long a server may be silent is the endpoint's own."""

    connect: float = 5
    usage_wait: float = 2  # from the end of the answer to the count that may follow it
    read_interval: float = 0.05  # between reads once it speaks; see http_connection.py
    max_attempts: int = 3
    backoff: float = 0.4  # before the second try; doubled before the third
    max_backoff: float = 5  # a server that wants a longer one is not asked again by itself
    max_left_out: int = 6  # parts of a request that are left out one after the other because the server refuses them


LIMITS = Limits()

_DIALECTS: dict[str, type[Dialect]] = {ModelApi.CHAT: ChatDialect, ModelApi.RESPONSES: ResponsesDialect}


@dataclass(slots=True)
class ModelResponse:
    """What came besides the text. said: the whole answer as it is sent back in the next round."""

    tool_calls: list[ToolCall] = field(default_factory=list)
    tokens: TokenUsage | None = None  # None when the server does not count
    truncated: bool = False
    said: list[dict] = field(default_factory=list)


async def stream_response(endpoint: ModelEndpoint, prompt: Prompt, listener: Listener) -> ModelResponse:
    """Ask the model, and tell the listener what comes. Raises ModelError.

    Tried again only while no text has been heard: what the room has seen is not said twice. A part of the request that
    the server refuses is left out of the next one; `listener.on_refused` is told once that has helped.
    """
    pause, attempt = LIMITS.backoff, 1
    left_out: dict[str, ModelError] = {}
    while True:
        question = _Question(endpoint, prompt, listener)
        try:
            response = await question.ask()
        except ModelError as error:
            if question.reader.has_text:
                raise
            if error.refused and len(left_out) < LIMITS.max_left_out:
                left_out[error.refused] = error
                endpoint = endpoint.without(error.refused)
                continue
            wait = error.retry_after if error.retry_after is not None else pause
            if not error.retryable or attempt == LIMITS.max_attempts or wait > LIMITS.max_backoff:
                raise
        else:
            listener.on_end()
            for feature, refusal in left_out.items():
                listener.on_refused(feature, refusal.detail, refusal.lasting)
            return response
        await asyncio.sleep(wait)
        pause, attempt = pause * 2, attempt + 1


class _Question:
    """One request, and what is heard of its answer."""

    def __init__(self, endpoint: ModelEndpoint, prompt: Prompt, listener: Listener):
        self._endpoint, self._prompt, self._listener = endpoint, prompt, listener
        self._body = build_body(endpoint, prompt)
        self._dialect = _DIALECTS[endpoint.api]()
        tools = [tool["name"] for tool in prompt.tools] if "tools" in self._body.features else []
        self.reader = AnswerReader(self._dialect, listener, tools)

    async def ask(self) -> ModelResponse:
        dialect = self._dialect
        try:
            await self._read_stream()
        except ModelError:
            if not dialect.ended:  # else only the count is missing
                raise
        if not dialect.ended:
            lost = self.reader.has_text
            raise ModelError("model_connection_lost" if lost else "model_invalid_response", is_outage=lost)
        said = dialect.said(self.reader.raw_text)
        return ModelResponse(dialect.tool_calls.usable(), dialect.tokens, dialect.truncated, said)

    async def _read_stream(self) -> None:
        """Read one answer to its end. Raises ModelError, whatever broke."""
        request = self._request()
        self._listener.on_request(True)
        try:
            async with asyncio.timeout(self._endpoint.patience) as patience:
                # Leaving this block closes the stream, and with it what the model is still writing.
                async with request as response:
                    await self._read_chunks(response, patience)
        except TimeoutError:
            raise timeout_error(self._endpoint.patience, self.reader.has_bytes) from None
        except ServerReported as reported:
            raise self._to_model_error(reported.error) from reported
        except CLIENT_ERRORS as error:
            if was_refused(error):
                self._listener.on_request(False)
            if said := to_server_error(error):
                raise self._to_model_error(said) from error
            if isinstance(error, httpx2.TimeoutException | openai.APITimeoutError) and not was_refused(error):
                raise timeout_error(self._endpoint.patience, self.reader.has_bytes) from error
            raise from_silence(error) from error

    async def _read_chunks(self, response, patience: asyncio.Timeout) -> None:
        now, seconds = asyncio.get_running_loop().time, self._endpoint.patience
        async for chunk in response.iter_bytes():
            had_ended = self._dialect.ended
            came = self.reader.feed(chunk)
            ends = self._dialect.ended and not had_ended
            # Any byte is a sign of life, but once the answer has ended only its count is waited for.
            if ends or not self._dialect.ended:
                until = now() + (LIMITS.usage_wait if ends else seconds)
                # Else only now and then: it costs as much as the reading.
                if ends or abs(until - (patience.when() or 0.0)) > seconds / 20:
                    patience.reschedule(until)
            if came:
                set_read_interval(response.http_response, LIMITS.read_interval)
            if self._dialect.stream_complete:
                break
        self.reader.finish()

    def _request(self):
        endpoint, client = self._endpoint, get_client(self._endpoint)
        # The body as it is: checking every field of it against its types would take the package a millisecond.
        given: dict[str, Any] = {
            "model": endpoint.model,
            "extra_body": self._body.json,
            "timeout": httpx2.Timeout(endpoint.patience, connect=LIMITS.connect),
        }
        if endpoint.api == ModelApi.CHAT:
            return client.chat.completions.with_streaming_response.create(messages=[], **given)
        return client.responses.with_streaming_response.create(input=[], **given)

    def _to_model_error(self, error: ServerError) -> ModelError:
        return to_model_error(
            error, self._endpoint.model, self._body.features, (self._endpoint.key,), self._prompt.text()
        )
