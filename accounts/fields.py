"""Fields of forms for what people write."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .plain_text import BIDI_CONTROLS, clean, clean_line


def validate_direction(text: str) -> None:
    """For what stands beside other words: names, titles, statuses. Raises ValidationError."""
    if BIDI_CONTROLS.search(text):
        raise ValidationError(_("This text contains hidden characters that change its direction. Remove them."))


class PlainTextField(forms.CharField):
    """Text without control characters: they are left out, where Django's own field refuses some and keeps others."""

    def to_python(self, value):
        return super().to_python(clean(value) if isinstance(value, str) else value)


class PlainLineField(forms.CharField):
    """The same on one line."""

    def to_python(self, value):
        return super().to_python(clean_line(value) if isinstance(value, str) else value)


class NameField(PlainLineField):
    """The same of something that stands beside other words, and leaves them as they are."""

    default_validators = [validate_direction]
