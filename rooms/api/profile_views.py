"""The caller's own profile over HTTP; see docs/protocol.md."""

from django.db import transaction

from accounts.models import User
from accounts.statuses import Status

from ..kernel.protocol import profile
from ..services import profiles
from .framework import ApiRequest


def show_me(request: ApiRequest) -> dict:
    """The caller, as others see them: a person."""
    return profile(request.user)


def update_me(request: ApiRequest) -> dict:
    """Takes any of `{"display_name", "status", "emoji", "availability", "for"}`. Returns the person."""
    fields = request.text_fields("display_name?", "status?", "emoji?", "availability?", "for?")
    with transaction.atomic():
        if "display_name" in fields:
            profiles.set_display_name(request.user, fields["display_name"])
        if fields.keys() - {"display_name"}:
            _set_status(request.user, fields)
    return profile(request.user)


def _set_status(user: User, fields: dict[str, str]) -> None:
    """Absent fields keep their values, except `for`: without it, the new status has no end."""
    now = user.current_status or Status("", "", None, "")
    profiles.set_status(
        user,
        fields.get("status", now.text),
        fields.get("emoji", now.emoji),
        fields.get("availability", now.availability),
        fields.get("for", ""),
    )
