"""What a user name may be: it is mentioned as `@name` and stands in addresses."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

USERNAME_MAX = 32
# Starts and ends with a letter, digit or `_`, so that "ask @ann." mentions ann.
USERNAME_PATTERN = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,30}[A-Za-z0-9_])?"

username_validators = [
    RegexValidator(
        rf"^{USERNAME_PATTERN}\Z",
        _("Use up to 32 letters, digits, “_”, “.” or “-”, beginning and ending with a letter, digit or “_”."),
    )
]


def same_account(name: str) -> str:
    """What all ways to write one account's name have in common, to count by.

    PostgreSQL compares in capitals, where "ı" is an "I" and "ſ" an "S": each of them finds the same account.
    """
    return name.strip().upper().lower()
