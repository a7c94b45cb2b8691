"""Which addresses pushes may be sent to. A browser names one, and any program can pretend to be a browser."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

_PORTS = {"http": 80, "https": 443}
_APPLE = ".push.apple.com"


@dataclass(frozen=True, slots=True)
class Service:
    """The push service of an endpoint. trusted: PUSH_HOSTS has its origin, so it may be on a private network."""

    origin: str
    host: str
    trusted: bool

    @property
    def shows_everything(self) -> bool:
        """Apple's browsers show every push, even one that only removes another."""
        return self.host.endswith(_APPLE)


def service_of(endpoint: str) -> Service | None:
    """None when the endpoint belongs to no push service that this server knows."""
    if not endpoint.isascii() or any(sign <= " " or sign in "\\\x7f" for sign in endpoint):
        return None
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc or parts.fragment:
        return None
    own = "" if port in (None, _PORTS[parts.scheme]) else f":{port}"
    origin = f"{parts.scheme}://{host}{own}"
    if origin in settings.PUSH_HOSTS:
        return Service(origin, host, trusted=True)
    known = any(host == each or host.endswith(f".{each}") for each in settings.PUSH_HOSTS if "://" not in each)
    return Service(origin, host, trusted=False) if known and parts.scheme == "https" and not own else None
