"""The openai package's errors, as ours. Apart from them, so that only a worker loads that package."""

import httpx2
import openai
import orjson

from .errors import ModelError
from .failures import ServerError, parse_error

# Raised while a request is made or its answer is read. httpx2's own come through where we read the stream.
CLIENT_ERRORS = (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError)

MAX_ERROR_BYTES = 100_000


def to_server_error(error: Exception) -> ServerError | None:
    """What the server said of an error; None when it said nothing."""
    if not isinstance(error, openai.APIStatusError):
        return None
    content = error.response.content[:MAX_ERROR_BYTES]
    try:
        body: object = orjson.loads(content)
    except orjson.JSONDecodeError:
        body = content.decode(errors="replace")
    return parse_error(body, error.status_code, error.response.headers.get("retry-after"))


def from_silence(error: Exception) -> ModelError:
    """The ModelError for what the openai package or its transport raised without a word from the server."""
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException) and was_refused(error):
        return ModelError("model_unreachable", is_outage=True)
    if isinstance(error, openai.APIConnectionError):
        return ModelError("model_unreachable", retryable=True, is_outage=True)
    return ModelError("model_connection_lost", retryable=True, is_outage=True)


def was_refused(error: Exception) -> bool:
    """Whether nothing was done for the request, so that nobody pays: the server said no, or was not reached.

    A gateway's 502 or 504 says only that it got no answer: the model behind it may have read everything.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, openai.APIStatusError):
            return cause.status_code not in (502, 504)
        if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout):
            return True
        cause = cause.__cause__
    return False
