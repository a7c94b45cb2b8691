"""Short-lived links to files at a separate origin (FILES_ORIGIN), which has no cookies and no pages of ours.

A link names a file and the person for whom it was made. It works without signing in, so it expires soon, and that
person's rights are checked again when it is used.
"""

import time
from dataclasses import astuple, dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http.request import split_domain_port

LINK_SECONDS = 60  # that a link works, at most
_STEP = 30  # seconds for which the link stays the same, so that browsers can cache the file


class BadLink(Exception):
    """The link was not made by this server, or has expired."""


@dataclass(frozen=True, slots=True)
class Linked:
    """key: of a file. side: of a small picture of it; 0: the file itself."""

    key: str
    user_id: int
    side: int = 0


def make_link(linked: Linked, name: str) -> str:
    """A URL that works for 30 to 60 seconds, and stays the same for each half minute, for the caches of browsers."""
    until = (int(time.time()) // _STEP) * _STEP + LINK_SECONDS
    token = _signer().sign_object([*astuple(linked), until])
    return f"{settings.FILES_ORIGIN}/f/{token}/{quote(name)}"


def read_link(token: str) -> Linked:
    """Raises BadLink."""
    try:
        *found, until = _signer().unsign_object(token)
    except (BadSignature, ValueError) as error:  # what was signed is a list of ours
        raise BadLink from error
    if time.time() >= until:
        raise BadLink
    return Linked(*found)


def is_files_host(host: str) -> bool:
    """Whether a request came to the origin of files."""
    return bool(settings.FILES_ORIGIN) and split_domain_port(host)[0] == urlsplit(settings.FILES_ORIGIN).hostname


def _signer() -> Signer:
    return Signer(salt="files.links")
