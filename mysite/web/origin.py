"""A page of another site must not open sockets with our visitors' cookies.

Channels' own validator looks at the host alone; here scheme, host and port must all be this site's.
"""

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain


def same_origin(app):
    """Refuse websockets whose Origin is not this site, with HTTP 403. With a Bearer token there may be none."""

    async def guard(scope, receive, send):
        if _trusted(dict(scope["headers"]), scope.get("scheme", "ws")):
            await app(scope, receive, send)
        else:
            await send({"type": "websocket.close"})

    return guard


def _trusted(headers: dict[bytes, bytes], scheme: str) -> bool:
    host = headers.get(b"host", b"").decode("latin-1").lower()
    origin = headers.get(b"origin", b"").decode("latin-1").lower()
    if not validate_host(split_domain_port(host)[0], _allowed_hosts()):
        return False
    if not origin:
        return headers.get(b"authorization", b"").lower().startswith(b"bearer ")
    secure = settings.HTTPS or scheme == "wss"
    own = f"{'https' if secure else 'http'}://{host}"
    return any(_is_of(origin, trusted) for trusted in (own, *map(str.lower, settings.CSRF_TRUSTED_ORIGINS)))


def _is_of(origin: str, trusted: str) -> bool:
    """Whether it is that origin, or one of "https://*.example.org": as Django takes them for forms."""
    if "*" not in trusted:
        return origin == trusted
    scheme, _, place = origin.partition("://")
    wanted, _, places = trusted.partition("://")
    return scheme == wanted and is_same_domain(place, places.lstrip("*"))


def _allowed_hosts() -> list[str]:
    return settings.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
