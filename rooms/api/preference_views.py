"""The caller's preferences for pages over HTTP; see docs/protocol.md."""

from django.db import transaction

from accounts.models import User
from accounts.preferences import CHOICES, preferences_of

from ..kernel.errors import ChatError
from ..services import preferences
from .framework import ApiRequest


def show_preferences(request: ApiRequest) -> dict:
    """The names and values of accounts.preferences.CHOICES, and `"time_zone"`."""
    return _all_of(request.user)


def update_preferences(request: ApiRequest) -> dict:
    """Takes any of these fields. Returns all, as `show_preferences` does.

    Raises ChatError: body_unknown_field, profile_invalid, time_zone_unknown.
    """
    for name in request.body.keys() - {*CHOICES, "time_zone"}:
        raise ChatError("body_unknown_field", field=name[:40])
    changes = {name: value for name, value in request.body.items() if name in CHOICES}
    with transaction.atomic():
        if "time_zone" in request.body:
            preferences.set_time_zone(request.user, request.body["time_zone"])
        if changes:
            preferences.change(request.user, changes)
    return _all_of(request.user)


def _all_of(user: User) -> dict:
    return preferences_of(user).as_dict() | {"time_zone": user.time_zone}
