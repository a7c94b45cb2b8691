"""The openai package's errors, as our Faults. Apart from them, so that only a worker loads that package."""

import math

import httpx2
import openai
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .errors import CUT, Fault, from_stream

# Raised while a request is made or its answer is read. httpx2's own come through where we read the stream.
MODEL_ERRORS = (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError)

NO_ADDRESS = gettext_lazy("The model server's address is invalid. Please tell an administrator.")
NO_KEY = gettext_lazy("The API key for the model server contains invalid characters. Please tell an administrator.")


def fault_of(error: Exception, model: str) -> Fault:
    """The Fault for what the openai package or its transport raised."""
    if isinstance(error, openai.APIStatusError):
        return _from_status(error, model)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return Fault(_("The model server is not responding."), down=True)
    if isinstance(error, openai.APIConnectionError):
        return Fault(_("The model server cannot be reached."), again=True, down=True)
    if isinstance(error, openai.APIError):  # told inside the stream
        return from_stream(error.message)
    return Fault(CUT, again=True, down=True)


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


def _from_status(error: openai.APIStatusError, model: str) -> Fault:
    status, code = error.status_code, str(getattr(error, "code", None) or "")
    if status in (401, 403):
        return Fault(_("The model server rejected the API key. Please tell an administrator."))
    if status == 404:
        return Fault(_("The model server has no model “{model}”, or its address is wrong.").format(model=model))
    if status == 429:
        return _too_many(error, code)
    if code == "context_length_exceeded" or status == 413:
        return Fault(_("The conversation is too long for this model."))
    if status >= 500 or status in (408, 409):
        return Fault(_("The model failed (error {status}).").format(status=status), again=True, down=True)
    return Fault(_("The model rejected the question (error {status}).").format(status=status))


def _too_many(error: openai.APIStatusError, code: str) -> Fault:
    if code == "insufficient_quota":
        return Fault(_("The model provider's quota is exhausted. Please tell an administrator."))
    wait = _seconds(error.response.headers.get("retry-after"))
    soon = _("The model is busy. Ask again in a moment.")
    then = _("The model is busy. Ask again in {seconds} seconds.")
    return Fault(then.format(seconds=f"{wait:.0f}") if wait else soon, again=True, wait=wait)


def _seconds(value: str | None) -> float | None:
    try:
        wait = float(value or "none")
    except ValueError:  # not said, or a date: rare, and only a hint
        return None
    return max(0.0, wait) if math.isfinite(wait) else None
