"""The kinds of values of settings. Each kind checks a value from JSON, and says in a sentence what is wrong with it."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Kind(ABC):
    @abstractmethod
    def clean(self, value: object) -> Any:
        """The value as it is kept. Raises ValidationError."""

    def text(self, value: Any) -> str:
        """The value as the environment would give it."""
        return str(value)


@dataclass(frozen=True)
class Flag(Kind):
    def clean(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(_("This is either on or off."))
        return value

    def text(self, value: bool) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True)
class Number(Kind):
    low: int
    high: int = 1_000_000_000

    def clean(self, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not self.low <= value <= self.high:
            limits = {"low": self.low, "high": self.high}
            raise ValidationError(_("Enter a whole number from %(low)s to %(high)s.") % limits)
        return value


@dataclass(frozen=True)
class Choice(Kind):
    options: Mapping[str, str | Promise]  # value → what people read

    def clean(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ValidationError(_("Choose one of the values that are offered."))
        return value


@dataclass(frozen=True)
class Text(Kind):
    """One line. check: takes a text that is not empty; returns it as it is kept, or raises ValidationError."""

    longest: int = 200
    required: bool = False
    check: Callable[[str], str] | None = None

    def clean(self, value: object) -> str:
        if not isinstance(value, str) or len(value) > self.longest:
            raise ValidationError(_("Enter a text of at most %(longest)s characters.") % {"longest": self.longest})
        if _UNPRINTABLE.search(value):
            raise ValidationError(_("This text contains characters that cannot be shown. Remove them."))
        found = " ".join(value.split())
        if self.required and not found:
            raise ValidationError(_("Enter a text."))
        return self.check(found) if self.check and found else found


@dataclass(frozen=True)
class Secret(Kind):
    """A password or a key: encrypted where it is kept, and shown to nobody."""

    longest: int = 500

    def clean(self, value: object) -> str:
        if not isinstance(value, str) or len(value) > self.longest:
            raise ValidationError(_("Enter a text of at most %(longest)s characters.") % {"longest": self.longest})
        if not (value.isascii() and value.isprintable()):
            raise ValidationError(_("Use letters, digits and signs of ASCII."))
        return value.strip()

    def text(self, value: str) -> str:
        return "…" if value else ""
