"""The caller's notification settings over HTTP; see docs/protocol.md."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from accounts.models import User

from ..queries.levels import settings_of
from ..services import keywords, levels
from .framework import ApiRequest

_SET: Mapping[str, Callable[[User, Any], None]] = {
    "default_level": levels.set_default_level,
    "reactions": levels.set_reactions,
    "keywords": keywords.set_keywords,
}


def show_notification_settings(request: ApiRequest) -> dict:
    """`{"default_level", "reactions": bool, "keywords": [<text>, …]}`."""
    chosen = settings_of(request.user.id)
    return {name: getattr(chosen, name) for name in _SET}


def update_notification_settings(request: ApiRequest) -> dict:
    """Takes any of these fields. Returns all, as `show_notification_settings` does."""
    with transaction.atomic():
        for name, value in request.optional_fields(default_level=str, reactions=bool, keywords=list).items():
            _SET[name](request.user, value)
    return show_notification_settings(request)
