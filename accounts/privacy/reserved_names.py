"""Names of erased accounts, which nobody can sign up with again: others would take a stranger for that person.

The names themselves are not kept: a row holds a keyed hash, which can be compared with a name and not turned into one.
When SECRET_KEY is changed, the names reserved until then are free once the old key leaves SECRET_KEY_FALLBACKS.
"""

from django.conf import settings
from django.utils.crypto import salted_hmac

from ..models import ReservedName
from ..usernames import skeleton

NEUTRAL = "deleted-account"  # what erased accounts are called, with a number


def reserve(name: str) -> None:
    ReservedName.objects.get_or_create(digest=_digest(name, settings.SECRET_KEY))


def is_reserved_for_erased(name: str) -> bool:
    """Whether an erased account had this name, or it looks like what erased accounts are called."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    had = ReservedName.objects.filter(digest__in=[_digest(name, key) for key in keys]).exists()
    return had or skeleton(name).startswith(skeleton(NEUTRAL))


def _digest(name: str, key: str) -> str:
    # The salt is part of what is stored: it stays, whatever this module is called.
    return salted_hmac("accounts.reserved_names", skeleton(name), secret=key, algorithm="sha256").hexdigest()
