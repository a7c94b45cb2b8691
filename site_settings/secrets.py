"""Encrypts secrets with a key derived from SECRET_KEY: a copy of the database alone does not reveal them.

With another SECRET_KEY they cannot be read any more, unless the old one is in SECRET_KEY_FALLBACKS.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"roundtable: server settings"


class Unreadable(Exception):
    """It was encrypted with a key that this server does not have."""


def encrypt(text: str) -> dict[str, str]:
    """The text as it is kept in a row."""
    return {"encrypted": _cipher(*_keys()).encrypt(text.encode()).decode()}


def decrypt(kept: object) -> str:
    """Raises Unreadable."""
    token = kept.get("encrypted") if isinstance(kept, dict) else None
    if not isinstance(token, str):
        raise Unreadable
    try:
        return _cipher(*_keys()).decrypt(token.encode()).decode()
    except (InvalidToken, UnicodeError):
        raise Unreadable from None


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


@lru_cache(maxsize=4)
def _cipher(*keys: str) -> MultiFernet:
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str) -> bytes:
    return base64.urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(key.encode()))
