"""What a server's error means, be it an HTTP response or an event of a stream. Pure.

Servers that speak the same API describe errors in many shapes, and few of them by code alone.
"""

import math
import re
from dataclasses import dataclass
from typing import Any

from .errors import ModelError
from .features import find_refused

MAX_DETAIL = 300  # characters of a server's words that are kept
_MAX_READ = 2000  # characters that are looked at
_MIN_SECRET = 6  # characters: servers of one's own are given keys like "x"
_MIN_ECHO = 24  # characters: an echo of the prompt that is at least so long is removed


@dataclass(slots=True)
class ServerError:
    """status: of HTTP; None for an event of a stream. is_api: the error had a shape that model servers use."""

    status: int | None = None
    code: str = ""
    param: str = ""
    message: str = ""
    context_tokens: int | None = None
    retry_after: float | None = None
    is_api: bool = True


class ServerReported(Exception):
    """A server told of an error inside its answer."""

    def __init__(self, error: ServerError):
        super().__init__(error.message)
        self.error = error


def parse_error(body: object, status: int | None = None, retry_after: str | None = None) -> ServerError:
    """body: decoded JSON of an error, or its text."""
    found = ServerError(status, retry_after=_parse_seconds(retry_after))
    if isinstance(body, list) and body:
        body = body[0]
    if not isinstance(body, dict):
        found.message, found.is_api = str(body or "")[:_MAX_READ], False
        return found
    response = body.get("response")
    fields = (response.get("error") if isinstance(response, dict) else None) or body.get("error") or body
    if not isinstance(fields, dict):
        fields = {"message": fields}
    found.is_api = bool(fields.keys() & {"message", "detail", "code", "type"})
    found.message = _words(fields.get("message") or fields.get("detail") or fields.get("msg"))
    found.code = " ".join(str(fields.get(name) or body.get(name) or "")[:100] for name in ("code", "type", "status"))
    found.param = str(fields.get("param") or "")[:100]
    found.context_tokens = fields["n_ctx"] if type(fields.get("n_ctx")) is int else None
    if found.status is None and type(fields.get("code")) is int and 400 <= fields["code"] < 600:
        found.status = fields["code"]
    return found


def to_model_error(
    error: ServerError, model: str, sent: frozenset[str] = frozenset(), secrets: tuple[str, ...] = (), prompt: str = ""
) -> ModelError:
    """sent: the features of the request. secrets, prompt: what may not stand in the detail."""
    about: dict[str, Any] = {"detail": redact(error.message, secrets, prompt)}
    words = f"{error.code} {error.message}"
    if _TOO_LONG.search(words) or error.status == 413:
        size = error.context_tokens or _find_context_tokens(error.message)
        return ModelError("model_context_exceeded", context_tokens=size, **about)
    if refused := _find_refused(error, sent):
        lasting = refused != "images" or not _THESE_PICTURES.search(words)
        return ModelError("model_rejected", refused=refused, lasting=lasting, status=error.status or "400", **about)
    for pattern, statuses, reason in _KINDS:
        if pattern.search(words) or error.status in statuses:
            return _MAKERS[reason](error, model, about)
    return _from_status(error, about)


def redact(message: str, secrets: tuple[str, ...] = (), prompt: str = "") -> str:
    """A server's words in one line of at most MAX_DETAIL characters, without secrets and without what was asked."""
    text = " ".join(message[:_MAX_READ].split())
    for secret in secrets:
        if len(secret) >= _MIN_SECRET:
            text = text.replace(secret, "…")
    text = _without_echo(_SECRET.sub("…", text)[: 2 * MAX_DETAIL], prompt)
    return text if len(text) <= MAX_DETAIL else text[: MAX_DETAIL - 1] + "…"


_SECRET = re.compile(r"(?i)\b(?:sk|rk|pk|key|gsk|xai|hf|api)[-_][\w*-]{8,}|bearer\s+\S+|AIza[\w-]{20,}")
_TOO_LONG = re.compile(
    r"(?i)context_length_exceeded|exceed_context_size|context.?window|context (?:length|size)|string_above_max_length"
    r"|maximum (?:prompt|context|input)|prompt is too long|too many (?:input )?tokens|input token count"
    r"|input (?:is |too )long|too large for model|exceeds? the (?:available|maximum|model).{0,40}(?:context|tokens)"
)
# What is wrong with the pictures of one request, at a server that takes others: OpenAI's codes, and words of filters.
_THESE_PICTURES = re.compile(
    r"(?i)invalid_(?:base64_)?image|image_(?:too|parse|content|file)|unsupported_image|empty_image|download_image"
    r"|content_?(?:filter|policy)|safety|moderation|responsibleai"
)
# What a proxy says when the server behind it is gone: words of aiohttp, httpx and the openai package.
_NO_CONNECTION = re.compile(
    r"(?i)connection (?:error|refused)|cannot connect to|connection attempts failed|peer closed connection"
    r"|server disconnected|payload is not completed"
)
_KINDS = [
    # Gemini's words for a rate are those of a quota.
    (re.compile(r"(?i)(?:retry|try again) in \d"), set(), "rate"),
    (re.compile(r"(?i)insufficient_quota|quota|billing|credit|balance|payment"), {402}, "quota"),
    (re.compile(r"(?i)rate.?limit|too many requests|resource_exhausted|tokens per min"), {429}, "rate"),
    (re.compile(r"(?i)content_?filter|content_policy|responsibleai|safety system|moderation"), set(), "filtered"),
    # LiteLLM's proxy looks for a key that it does not know in a database, and may have none.
    (
        re.compile(r"(?i)invalid_api_key|authentication|unauthenticated|api key|permission_denied|no_db_connection"),
        {401, 403},
        "key",
    ),
    (
        re.compile(
            r"(?i)model_not_found|unknown_model|not a valid model|invalid model name|unknown model"
            r"|model\b.{0,80}(?:not (?:be )?found|not exist|pulling|not available|decommissioned|deprecated)"
            r"|no endpoints found"
        ),
        set(),
        "model",
    ),
    (
        re.compile(r"(?i)overloaded|slow_down|at capacity|loading model|server.?(?:is )?busy|insufficient_system_res"),
        {529},
        "overloaded",
    ),
]


def _busy(error: ServerError, _model: str, about: dict) -> ModelError:
    seconds = error.retry_after or _find_wait(error.message)
    timing = {"retryable": True, "retry_after": seconds, **about}
    return ModelError("model_busy_for", seconds=f"{seconds:.0f}", **timing) if seconds else ModelError(
        "model_busy", **timing
    )  # fmt: skip


_MAKERS = {
    "quota": lambda _error, _model, about: ModelError("model_quota_exhausted", **about),
    "rate": _busy,
    "filtered": lambda _error, _model, about: ModelError("model_filtered", **about),
    "key": lambda _error, _model, about: ModelError("model_key_rejected", **about),
    "model": lambda _error, model, about: ModelError("model_unknown", model=model, **about),
    "overloaded": lambda error, _model, about: ModelError(
        "model_overloaded", retryable=True, retry_after=error.retry_after, **about
    ),
}


def _from_status(error: ServerError, about: dict) -> ModelError:
    status, unconnected = error.status, bool(_NO_CONNECTION.search(error.message))
    if status is None:
        return ModelError("model_broke_off", retryable=True, is_outage=unconnected, **about)
    if status >= 500 or status in (408, 409):
        if status == 503 and error.is_api:
            return ModelError("model_overloaded", retryable=True, retry_after=error.retry_after, **about)
        # A proxy in front of a server that is gone; what the server itself says may be about this question alone.
        down = status in (502, 503, 504) or not error.is_api or unconnected
        return ModelError("model_failed", retryable=True, is_outage=down, status=status, **about)
    if status in (404, 405) or (status < 400 and not error.is_api):
        return ModelError("model_not_server", **about)
    return ModelError("model_rejected", status=status, **about)


def _find_refused(error: ServerError, sent: frozenset[str]) -> str | None:
    if error.status not in (None, 400, 404, 405, 422, 500, 501):
        return None
    return find_refused(error.param, f"{error.code} {error.message}", sent)


def _find_context_tokens(message: str) -> int | None:
    """The size that words like "maximum context length is 4096 tokens" name."""
    found = _CONTEXT_TOKENS.search(message)
    size = int(re.sub(r"\D", "", next(filter(None, found.groups())))) if found else 0
    return size if 200 <= size <= 100_000_000 else None


_NUMBER = r"(\d[\d,_]{2,12})"
_CONTEXT_TOKENS = re.compile(
    rf"(?i)(?:context (?:length|size|window)|maximum(?: number of tokens)?|limit|n_ctx)[^\d]{{0,40}}{_NUMBER}"
    rf"|> {_NUMBER} (?:maximum|tokens)|{_NUMBER} maximum context"
)


def _find_wait(message: str) -> float | None:
    found = re.search(r"(?i)(?:try again|retry|wait).{0,20}?(\d+(?:\.\d+)?)\s*(ms|m(?!s)|s)", message)
    if not found:
        return None
    return float(found[1]) * {"ms": 0.001, "s": 1, "m": 60}[found[2].lower()]


def _parse_seconds(value: str | None) -> float | None:
    try:
        seconds = float(value or "none")
    except ValueError:  # not said, or a date: rare, and only a hint
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _words(message: object) -> str:
    """An error's message as text. Of a list of complaints only what is wrong where, not the values."""
    if isinstance(message, list):
        parts = [part for part in message[:5] if isinstance(part, dict)]
        return "; ".join(f"{part.get('msg', '')} ({part.get('loc', '')})" for part in parts)[:_MAX_READ]
    if isinstance(message, dict):
        return _words(message.get("message") or message.get("detail") or "")
    return str(message or "")[:_MAX_READ]


def _without_echo(text: str, prompt: str) -> str:
    if not prompt:
        return text
    kept, at = [], 0
    while at < len(text):
        if len(text) - at >= _MIN_ECHO and text[at : at + _MIN_ECHO] in prompt:
            end = at + _MIN_ECHO
            while end < len(text) and text[at : end + 1] in prompt:
                end += 1
            kept.append("…")
            at = end
        else:
            kept.append(text[at])
            at += 1
    return "".join(kept)
