"""How somebody wants the pages to be, on all their devices. What suits one screen alone is in cookies: see look.py."""

from dataclasses import asdict, dataclass, fields

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .models import User

CHOICES = {
    "language": ("", *(code for code, _name in settings.LANGUAGES)),  # "": as the browser asks for
    "time_format": ("", "12", "24"),  # hours of a day; "": as the browser has it
    "density": ("comfortable", "compact"),
    "single_keys": (True, False),
    "welcome": (True, False),
}


@dataclass(frozen=True, slots=True)
class Preferences:
    """Each has one of CHOICES."""

    language: str = ""
    time_format: str = ""
    density: str = "comfortable"
    single_keys: bool = True  # letters without Ctrl or Alt are shortcuts
    welcome: bool = False  # rooms still say what a newcomer can do first; true for who signs up

    def as_dict(self) -> dict[str, str | bool]:
        return asdict(self)


def preferences_of(user: User | AnonymousUser) -> Preferences:
    """What they chose. A choice that this version does not have counts for nothing."""
    stored = getattr(user, "preferences", None) or {}
    known = {field.name: stored[field.name] for field in fields(Preferences) if field.name in stored}
    return Preferences(**{name: value for name, value in known.items() if _is_offered(name, value)})


def save(user: User, changes: dict[str, str | bool]) -> Preferences:
    """Change some of them. Raises ValidationError with a sentence."""
    for name, value in changes.items():
        if name not in CHOICES or not _is_offered(name, value):
            raise ValidationError(_("Choose one of the values that are offered."))
    with transaction.atomic():
        row = User.objects.select_for_update().only("preferences").get(pk=user.pk)
        user.preferences = row.preferences | changes
        User.objects.filter(pk=user.pk).update(preferences=user.preferences)
    return preferences_of(user)


def _is_offered(name: str, value: object) -> bool:
    return any(type(value) is type(each) and value == each for each in CHOICES[name])
