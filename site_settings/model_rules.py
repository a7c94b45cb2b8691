"""Checks the settings of the language model."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.web_addresses import is_valid_url


def check_url(text: str) -> str:
    """An http or https address with a valid host, and without a user and password: all staff would see these."""
    if not is_valid_url(text):
        raise ValidationError(_("This is not a valid server address. Check the host name and port."))
    if "@" in urlsplit(text).netloc:
        raise ValidationError(_("Enter the address without a user and a password."))
    return text
