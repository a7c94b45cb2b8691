"""Short-lived links to files at an origin of their own (FILES_ORIGIN), where no cookie is and nothing of ours is shown.

A link names a file and the person for whom it was made. Who follows it is asked for nothing, so it is soon over, and
that person's rights are asked again.
"""

import time
from dataclasses import astuple, dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http.request import split_domain_port

LINK_SECONDS = 60  # that a link is good for, at most
_STEP = 30  # seconds for which the same link is given: browsers keep what they have


class BadLink(Exception):
    """Not ours, or over."""


@dataclass(frozen=True, slots=True)
class Linked:
    """key: of a file. side: of a small picture of it; 0: the file itself."""

    key: str
    user_id: int
    side: int = 0


def make_link(linked: Linked, name: str) -> str:
    """A URL that works for 30 to 60 seconds, and is the same within each half minute: browsers keep what they have."""
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
