"""The openai package's errors, as our ModelErrors. Apart from them, so that only a worker loads that package."""

import math

import httpx2
import openai
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .errors import CONNECTION_LOST, ModelError, stream_error

# Raised while a request is made or its answer is read. httpx2's own come through where we read the stream.
CLIENT_ERRORS = (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError)

INVALID_ADDRESS = gettext_lazy("The model server's address is invalid. Please tell an administrator.")
INVALID_KEY = gettext_lazy(
    "The API key for the model server contains invalid characters. Please tell an administrator."
)


def to_model_error(error: Exception, model: str) -> ModelError:
    """The ModelError for what the openai package or its transport raised."""
    if isinstance(error, openai.APIStatusError):
        return _from_status(error, model)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return ModelError(_("The model server is not responding."), is_outage=True)
    if isinstance(error, openai.APIConnectionError):
        return ModelError(_("The model server cannot be reached."), retryable=True, is_outage=True)
    if isinstance(error, openai.APIError):  # told inside the stream
        return stream_error(error.message)
    return ModelError(CONNECTION_LOST, retryable=True, is_outage=True)


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


def _from_status(error: openai.APIStatusError, model: str) -> ModelError:
    status, code = error.status_code, str(getattr(error, "code", None) or "")
    if status in (401, 403):
        return ModelError(_("The model server rejected the API key. Please tell an administrator."))
    if status == 404:
        return ModelError(_("The model server has no model “{model}”, or its address is wrong.").format(model=model))
    if status == 429:
        return _from_rate_limit(error, code)
    if code == "context_length_exceeded" or status == 413:
        return ModelError(_("The conversation is too long for this model."))
    if status >= 500 or status in (408, 409):
        return ModelError(_("The model failed (error {status}).").format(status=status), retryable=True, is_outage=True)
    return ModelError(_("The model rejected the question (error {status}).").format(status=status))


def _from_rate_limit(error: openai.APIStatusError, code: str) -> ModelError:
    if code == "insufficient_quota":
        return ModelError(_("The model provider's quota is exhausted. Please tell an administrator."))
    retry_after = _parse_retry_after(error.response.headers.get("retry-after"))
    soon = _("The model is busy. Ask again in a moment.")
    then = _("The model is busy. Ask again in {seconds} seconds.")
    return ModelError(
        then.format(seconds=f"{retry_after:.0f}") if retry_after else soon, retryable=True, retry_after=retry_after
    )


def _parse_retry_after(value: str | None) -> float | None:
    try:
        retry_after = float(value or "none")
    except ValueError:  # not said, or a date: rare, and only a hint
        return None
    return max(0.0, retry_after) if math.isfinite(retry_after) else None
