"""What keeps a person from writing, for export."""

from collections.abc import Iterator

from accounts.models import User

from ..models import FormerReader, LastPost, Timeout
from .batches import with_titles


def export_timeouts(user: User) -> Iterator[dict]:
    """Without a room: on the whole server. Who imposed them is nothing about this person."""
    for each, title in with_titles(user, Timeout.objects.filter(user=user)):
        yield {"room": title, "since": each.created, "until": each.until, "reason": each.reason}


def export_last_posts(user: User) -> Iterator[dict]:
    for each, title in with_titles(user, LastPost.objects.filter(user=user)):
        yield {"room": title, "at": each.at}


def export_former(user: User) -> Iterator[dict]:
    for _each, title in with_titles(user, FormerReader.objects.filter(user=user)):
        yield {"room": title}
