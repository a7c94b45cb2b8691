"""Fields of forms for what people write."""

from django import forms

from .plain_text import clean, clean_line


class PlainTextField(forms.CharField):
    """Text without control characters: they are left out, where Django's own field refuses some and keeps others."""

    def to_python(self, value):
        return super().to_python(clean(value) if isinstance(value, str) else value)


class PlainLineField(forms.CharField):
    """The same on one line."""

    def to_python(self, value):
        return super().to_python(clean_line(value) if isinstance(value, str) else value)
