"""What a model says of the rooms that a mail tells of. The app `bot` writes it, if at all: mails do not need it."""

from collections.abc import Sequence
from dataclasses import replace

from accounts.models import User
from rooms.kernel.signals import mail_summaries_wanted

from ..models import Digest
from .contents import Part, Summary, collect_parts, shows_content

MAX_ATTEMPTS = 3  # to send a mail: a mail server that is away does not have a model asked for a day


def collect_with_summaries(user: User, digest: Digest) -> list[Part]:
    """As `collect_parts`, with summaries where there are any. Call it within `as_reader`, outside transactions."""
    parts = collect_parts(user, digest)
    if digest.attempts >= MAX_ATTEMPTS or not parts or not shows_content(user):
        return parts
    found = _summaries(user, parts)
    if not found:
        return parts
    # A model takes its time, and meanwhile something may have been read, deleted or closed to its reader.
    return [replace(part, summary=found.get(part.name)) for part in collect_parts(user, digest)]


def _summaries(user: User, parts: Sequence[Part]) -> dict[str, Summary]:
    """By name of a room. A receiver that raises is logged by Django, and the mail goes out without it."""
    rooms = [part.name for part in parts if not part.is_direct]
    found: dict[str, Summary] = {}
    for _receiver, answer in mail_summaries_wanted.send_robust(None, user=user, rooms=rooms):
        if isinstance(answer, dict):
            found |= {name: Summary(**said) for name, said in answer.items()}
    return found
