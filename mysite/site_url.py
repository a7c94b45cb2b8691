"""The public URL of the site, with which all links in mails and invitations begin.

It never comes from a request: a stranger could choose the Host header and so the link in a mail to somebody else.
"""

import re
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?", re.IGNORECASE)
_LOCAL = {"localhost", "127.0.0.1", "[::1]"}


def site_url(given: str, *, allowed_hosts: Sequence[str], host: str, port: int, https: bool, proxied: bool) -> str:
    """Scheme, host and perhaps port, without a slash at the end: "https://chat.example.org".

    given: the setting SITE_URL, if set. Otherwise the URL is built from the first public name in ALLOWED_HOSTS, or from
    `host` if there is none. Raises ImproperlyConfigured when `given` is not such a URL.
    """
    if given:
        if not _ORIGIN.fullmatch(given.rstrip("/")):
            raise ImproperlyConfigured(f"SITE_URL is {given!r}; use an address like https://chat.example.org.")
        return given.rstrip("/").lower()
    scheme = "https" if https else "http"
    public = public_hosts(allowed_hosts)
    name = public[0] if public else _local_host(host)
    at_default_port = proxied or port == (443 if https else 80)
    return f"{scheme}://{name}" + ("" if at_default_port else f":{port}")


def is_ambiguous(given: str, allowed_hosts: Sequence[str]) -> bool:
    """Whether ALLOWED_HOSTS names no public host, or several."""
    return not given and not set(allowed_hosts) <= _LOCAL and len(public_hosts(allowed_hosts)) != 1


def public_hosts(allowed_hosts: Sequence[str]) -> list[str]:
    """The names in ALLOWED_HOSTS that are usable in a link: no patterns and no local names."""
    return [name.lower() for name in allowed_hosts if name not in _LOCAL and not name.startswith((".", "*"))]


def _local_host(host: str) -> str:
    bracketed = f"[{host}]" if ":" in host else host
    return bracketed if bracketed in _LOCAL else "127.0.0.1"
