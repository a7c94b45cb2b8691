"""JSON as clients send it."""

import re
from typing import Any

import orjson


def loads(data: str | bytes) -> Any:
    """What a client sent as JSON. Halves of characters in it, which some clients send, are left out.

    Raises ValueError for what is no JSON.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        text = data if isinstance(data, str) else data.decode()
        whole = _ESCAPES.sub(lambda match: match["kept"] or "", text)
        if whole == text:
            raise
        return orjson.loads(whole)


_ESCAPES = re.compile(
    r"(?P<kept>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\[^u]|\\u(?![dD][89a-fA-F]))"
    r"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
