"""What I want to hear of, over HTTP, as docs/protocol.md has it."""

from ..queries.levels import default_level_of
from ..services import levels
from .framework import ApiRequest


def show_notification_settings(request: ApiRequest) -> dict:
    return {"default_level": default_level_of(request.user.id)}


def update_notification_settings(request: ApiRequest) -> dict:
    chosen = request.text_fields("default_level?")
    if "default_level" in chosen:
        levels.set_default_level(request.user, chosen["default_level"])
    return show_notification_settings(request)
