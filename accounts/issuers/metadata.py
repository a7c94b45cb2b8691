"""What an issuer says of itself (OpenID Connect Discovery 1.0) and its keys, each kept for ten minutes by a process."""

import time
from dataclasses import dataclass
from typing import Any

from common.circuit_breaker import CircuitBreaker

from . import fetching
from .fetching import IssuerAway
from .issuer import Issuer

KEPT = 600.0  # seconds
AGAIN = 10.0  # seconds until an issuer that failed, or that did not have a key, is asked again
MAX_KEYS = 100


@dataclass(frozen=True, slots=True)
class Metadata:
    """issuer: as its tokens name it. end_session: where somebody signs out there; "": nowhere."""

    issuer: str
    authorization: str
    token: str
    jwks: str
    userinfo: str
    end_session: str
    auth_methods: tuple[str, ...]
    can_log_out: bool  # tells of a logout by the back channel


class _Kept:
    """One thing of one issuer. It has no lock: at worst two threads ask at once."""

    def __init__(self) -> None:
        self.value: Any = None
        self.at = -KEPT
        self.breaker = CircuitBreaker(AGAIN)

    def is_older_than(self, seconds: float) -> bool:
        return time.monotonic() - self.at > seconds


_metadata: dict[tuple[Issuer, str], _Kept] = {}


def of(issuer: Issuer) -> Metadata:
    """Raises IssuerAway."""
    return _kept(issuer, "", lambda: _read(issuer), KEPT)


def keys_of(issuer: Issuer, newer: bool = False) -> list[dict]:
    """As JWKs. newer: it seems to have others by now. Raises IssuerAway."""
    url = of(issuer).jwks
    return _kept(issuer, url, lambda: _read_keys(issuer, url), AGAIN if newer else KEPT)


def forget() -> None:
    """What the process knows, for a check and for tests."""
    _metadata.clear()


def _kept(issuer: Issuer, what: str, read: Any, seconds: float) -> Any:
    if len(_metadata) > 200:  # issuers that were changed
        _metadata.clear()
    kept = _metadata.setdefault((issuer, what), _Kept())
    if kept.value is None or kept.is_older_than(seconds):
        if kept.breaker.open:
            if kept.value is None:
                raise IssuerAway(f"{issuer.issuer} did not answer a moment ago")
            return kept.value
        try:
            kept.value, kept.at = read(), time.monotonic()
            kept.breaker.reset()
        except IssuerAway:
            kept.breaker.trip()
            raise
    return kept.value


def _read(issuer: Issuer) -> Metadata:
    url = issuer.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = fetching.get(issuer, url)
    if not isinstance(found, dict):
        raise IssuerAway(f"{url} is no JSON object")

    def text(name: str) -> str:
        return found[name] if isinstance(found.get(name), str) else ""

    # Exactly, but for the `/` at its end, which people leave out: otherwise one issuer could speak for another.
    if text("issuer").rstrip("/") != issuer.issuer.rstrip("/"):
        raise IssuerAway(f"{url} is of another issuer: {text('issuer')[:200]}")
    if missing := [each for each in ("authorization_endpoint", "token_endpoint", "jwks_uri") if not text(each)]:
        raise IssuerAway(f"{url} names no {missing[0]}")
    for name in ("authorization_endpoint", "end_session_endpoint"):  # where browsers are sent
        scheme = ("https://", "http://") if issuer.private else ("https://",)
        if text(name) and not text(name).startswith(scheme):
            raise IssuerAway(f"{url}: {name} does not begin with https://")
    methods = found.get("token_endpoint_auth_methods_supported")
    return Metadata(
        text("issuer"),
        text("authorization_endpoint"),
        text("token_endpoint"),
        text("jwks_uri"),
        text("userinfo_endpoint"),
        text("end_session_endpoint"),
        tuple(each for each in methods if isinstance(each, str)) if isinstance(methods, list) else (),
        found.get("backchannel_logout_supported") is True,
    )


def _read_keys(issuer: Issuer, url: str) -> list[dict]:
    found = fetching.get(issuer, url)
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list):
        raise IssuerAway(f"{url} has no keys")
    return [key for key in keys[:MAX_KEYS] if isinstance(key, dict)]
