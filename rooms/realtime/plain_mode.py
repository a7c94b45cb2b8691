"""What a client without a subprotocol reads: the files of a message are lines of its text."""

from functools import lru_cache

import orjson
from django.conf import settings

from ..kernel.protocol import encode

_MAYBE = '"files":['


@lru_cache(maxsize=64)  # an event goes to every plain client of its room
def plain_text(text: str) -> str:
    """The event as JSON, with a line for each file: its name and address."""
    if _MAYBE not in text or not (files := (event := orjson.loads(text)).get("files")):
        return text
    lines = [f"{file['name']}: {_where(file['url'])}" for file in files]
    return encode(event | {"message": "\n".join(filter(None, [event["message"], *lines]))})


def _where(url: str) -> str:
    return f"{settings.SITE_URL}{url}" if url else "removed"
