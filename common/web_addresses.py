"""Checks the address of a web server."""

import re
from urllib.parse import urlsplit


def is_valid_url(url: str) -> bool:
    """Whether this is an http or https URL with a valid host name and port."""
    try:
        parts = urlsplit(url)
        name, port = (parts.hostname or "").encode("idna"), parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(name) and port != 0 and not re.search(r"[\s\x00-\x1f\x7f]", url)
