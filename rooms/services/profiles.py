"""Changes names and statuses of people, and shows others the change at once."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import profiles
from accounts.models import User

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..models import Room
from ..publishing import events

SHOWN = {"username", "display_name", "picture", "status", "status_emoji", "status_until", "availability"}
MAX_ROOMS = 50  # of a person, the most active ones; other rooms show the change when a page is loaded again


def set_display_name(user: User, text: str) -> None:
    """Raises ChatError: profile_invalid."""
    _refusing(partial(profiles.set_display_name, user, text))


def set_status(user: User, text: str, emoji: str, availability: str, duration: str) -> None:
    """availability: available, away or dnd; duration: see accounts/statuses.py. Raises ChatError: profile_invalid."""
    known = "" if availability == "available" else availability
    _refusing(partial(profiles.set_status, user, text, emoji, known, duration))


def publish(user: User) -> None:
    """After the commit, unless this person changes it all the time."""
    transaction.on_commit(partial(_publish, user))


def _publish(user: User) -> None:
    with suppress(ChatError):
        rate_limits.check_profile(user.id)
        rooms = Room.objects.of(user.id).order_by("-active").values_list("name", flat=True)
        events.person_changed(user, list(rooms[:MAX_ROOMS]))


def _refusing(change: Callable[[], None]) -> None:
    try:
        change()
    except ValidationError as error:
        raise ChatError("profile_invalid", problem=" ".join(error.messages)) from None
