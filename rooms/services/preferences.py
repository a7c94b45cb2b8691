"""How somebody wants their pages to be. A change shows at once on all that are open."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import preferences
from accounts.models import User
from accounts.preferences import Preferences
from accounts.time_zones import find_time_zone, remember_time_zone

from ..kernel.errors import ChatError
from ..publishing import events


def change(user: User, changes: dict) -> Preferences:
    """changes: names and values of accounts.preferences.CHOICES. Raises ChatError: profile_invalid."""
    try:
        with transaction.atomic():
            chosen = preferences.save(user, changes)
            events.preferences_changed(user.id, chosen.as_dict())
            return chosen
    except ValidationError as error:
        raise ChatError("profile_invalid", problem=" ".join(error.messages)) from None


def set_time_zone(user: User, name: object) -> None:
    """name: of the IANA database. Raises ChatError: time_zone_unknown."""
    if not isinstance(name, str) or len(name) > 64 or not find_time_zone(name):
        raise ChatError("time_zone_unknown")
    remember_time_zone(user, name)
