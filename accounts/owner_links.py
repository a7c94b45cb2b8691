"""The link by which somebody becomes the owner of a server: who can read what `serve` prints owns the machine.

It works once. There is one at most: a new one makes the one before void. Only its hash is kept.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from . import role_changes
from .models import OwnerLink, User
from .roles import ServerRole

RECOVERY = timedelta(hours=1)  # how long one is valid that makes a further owner


class NoSuchLink(Exception):
    """It was never made, has been used, was replaced, or has expired."""


def make(recovery: bool = False) -> str:
    """A new secret. recovery: it also works on a server that has an owner, and not for long."""
    secret = secrets.token_urlsafe(32)
    expires = timezone.now() + RECOVERY if recovery else None
    with transaction.atomic():
        OwnerLink.objects.all().delete()
        OwnerLink.objects.create(digest=_digest(secret), expires=expires)
    return secret


def works(secret: str) -> bool:
    link = OwnerLink.objects.filter(digest=_digest(secret)).first()
    return link is not None and _is_valid(link)


@contextmanager
def claimed(secret: str) -> Iterator[Callable[[User], None]]:
    """A transaction that holds the link: of two who come together, the second finds it used.

    Yields what makes somebody an owner and uses the link up; without a call it stays valid. Raises NoSuchLink.
    """
    with transaction.atomic():
        link = OwnerLink.objects.select_for_update().filter(digest=_digest(secret)).first()
        if link is None or not _is_valid(link):
            raise NoSuchLink

        def give(person: User) -> None:
            role_changes.change_role(person, ServerRole.OWNER, actor=None)
            link.delete()

        yield give


def _is_valid(link: OwnerLink) -> bool:
    if link.expires is not None:
        return link.expires > timezone.now()
    return not role_changes.has_owner()


def _digest(secret: str) -> str:
    # A plain hash: the secret has 256 random bits.
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
