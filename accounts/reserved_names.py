"""Reserves the names of erased accounts, so that nobody can sign up with one and be taken for that person.

Only a keyed hash of each name is stored. After a change of SECRET_KEY, names reserved before are free once the old key
leaves SECRET_KEY_FALLBACKS.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils.crypto import salted_hmac

from .models import ReservedName
from .usernames import skeleton

PLACEHOLDER_NAME = "deleted-account"  # "deleted-account-<id>"


def reserve(name: str) -> None:
    """For good. Reserving twice is once."""
    ReservedName.objects.get_or_create(digest=_digest(name, settings.SECRET_KEY))


@contextmanager
def taking(name: str) -> Iterator[None]:
    """In a transaction, around what gives the name to an account. Whoever reserves it at that moment waits until the
    transaction ends, and may look then whose it is.

    Raises IntegrityError when it is reserved.
    """
    # What is deleted in the same transaction is seen by nobody, but the unique index knows it.
    mine = ReservedName.objects.create(digest=_digest(name, settings.SECRET_KEY))
    yield
    mine.delete()


def is_reserved_for_erased(name: str) -> bool:
    """Whether an erased account had this name, or the name looks like PLACEHOLDER_NAME."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    had = ReservedName.objects.filter(digest__in=[_digest(name, key) for key in keys]).exists()
    return had or skeleton(name).startswith(skeleton(PLACEHOLDER_NAME))


def _digest(name: str, key: str) -> str:
    # The salt must not change: stored hashes depend on it.
    return salted_hmac("accounts.reserved_names", skeleton(name), secret=key, algorithm="sha256").hexdigest()
