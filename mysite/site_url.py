"""The public address of the site: where links in mails, invitations and everything else that leaves the site begin.

It never comes from a request: whoever sends one chooses its Host header, and a mail with their link would go to
somebody else.
"""

import re
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?", re.IGNORECASE)
_LOCAL = {"localhost", "127.0.0.1", "[::1]"}


def site_url(given: str, *, allowed_hosts: Sequence[str], host: str, port: int, https: bool, proxied: bool) -> str:
    """Scheme, host and perhaps port, without a slash at the end: "https://chat.example.org".

    given: the setting SITE_URL, which decides. Otherwise it is made from the first public name of ALLOWED_HOSTS, or
    of this machine when there is none. Raises ImproperlyConfigured when `given` is no such address.
    """
    if given:
        if not _ORIGIN.fullmatch(given.rstrip("/")):
            raise ImproperlyConfigured(f"SITE_URL is {given!r}; use an address like https://chat.example.org.")
        return given.rstrip("/").lower()
    scheme = "https" if https else "http"
    public = public_names(allowed_hosts)
    name = public[0] if public else _local_name(host)
    at_default_port = proxied or port == (443 if https else 80)
    return f"{scheme}://{name}" + ("" if at_default_port else f":{port}")


def is_ambiguous(given: str, allowed_hosts: Sequence[str]) -> bool:
    """Whether ALLOWED_HOSTS does not say under which one name people know the site."""
    return not given and not set(allowed_hosts) <= _LOCAL and len(public_names(allowed_hosts)) != 1


def public_names(allowed_hosts: Sequence[str]) -> list[str]:
    """The names of ALLOWED_HOSTS that one can put into a link: no patterns, and not this machine's own."""
    return [name.lower() for name in allowed_hosts if name not in _LOCAL and not name.startswith((".", "*"))]


def _local_name(host: str) -> str:
    bracketed = f"[{host}]" if ":" in host else host
    return bracketed if bracketed in _LOCAL else "127.0.0.1"
