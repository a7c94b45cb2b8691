"""The server's own emoji over HTTP; see docs/protocol.md."""

from ..models import OwnEmoji
from .framework import ApiRequest


def list_emoji(request: ApiRequest) -> dict:
    """`{"emoji": [{"name", "image": <path>}, …]}`, by name."""
    return {"emoji": [{"name": each.name, "image": each.address} for each in OwnEmoji.objects.only("name", "digest")]}
