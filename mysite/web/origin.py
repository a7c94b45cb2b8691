"""Stops pages of other sites from opening sockets with our users' cookies.

Channels' own validator compares only hosts; here scheme, host and port must all match.
"""

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain


def same_origin(app):
    """Wrap an ASGI application: websockets of other origins get HTTP 403. With a Bearer token, Origin may be absent."""

    async def guard(scope, receive, send):
        if _is_trusted(dict(scope["headers"]), scope.get("scheme", "ws")):
            await app(scope, receive, send)
        else:
            await send({"type": "websocket.close"})

    return guard


def _is_trusted(headers: dict[bytes, bytes], scheme: str) -> bool:
    host = headers.get(b"host", b"").decode("latin-1").lower()
    origin = headers.get(b"origin", b"").decode("latin-1").lower()
    if not validate_host(split_domain_port(host)[0], _allowed_hosts()):
        return False
    if not origin:
        return headers.get(b"authorization", b"").lower().startswith(b"bearer ")
    secure = settings.HTTPS or scheme == "wss"
    own = f"{'https' if secure else 'http'}://{host}"
    return any(_matches_origin(origin, trusted) for trusted in (own, *map(str.lower, settings.CSRF_TRUSTED_ORIGINS)))


def _matches_origin(origin: str, trusted: str) -> bool:
    """Whether `origin` matches a trusted one, which may be a pattern such as "https://*.example.org", as in Django."""
    if "*" not in trusted:
        return origin == trusted
    scheme, _, host = origin.partition("://")
    trusted_scheme, _, pattern = trusted.partition("://")
    return scheme == trusted_scheme and is_same_domain(host, pattern.lstrip("*"))


def _allowed_hosts() -> list[str]:
    return settings.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
