"""Form fields for text that people write."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .plain_text import BIDI_CONTROLS, clean, clean_line


def validate_no_bidi_controls(text: str) -> None:
    """For text shown beside other words, such as names and statuses. Raises ValidationError."""
    if BIDI_CONTROLS.search(text):
        raise ValidationError(_("This text contains hidden characters that change its direction. Remove them."))


class PlainTextField(forms.CharField):
    """Removes control characters. (Django's own field rejects some of them and keeps others.)"""

    def to_python(self, value):
        """Without control characters."""
        return super().to_python(clean(value) if isinstance(value, str) else value)


class PlainLineField(forms.CharField):
    """A PlainTextField with a single line."""

    def to_python(self, value):
        """Without control characters and line breaks."""
        return super().to_python(clean_line(value) if isinstance(value, str) else value)


class NameField(PlainLineField):
    """A PlainLineField for text shown beside other words: it must not change their direction."""

    default_validators = [validate_no_bidi_controls]
