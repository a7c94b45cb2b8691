"""The secret key: from the environment, or generated once and kept in DATA_DIR of a private installation."""

import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from common.kept_secret import read_or_make


def secret_key(given: str, data_dir: Path, public: bool) -> str:
    """The key for signing. Raises ImproperlyConfigured.

    public: whether ALLOWED_HOSTS names other hosts than this machine. Such a site may run on several machines, and with
    different generated keys people would be signed out at random, so the key must be given.
    """
    if given:
        return given
    if public:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set, and ALLOWED_HOSTS names a public site; "
            "set SECRET_KEY to a long random text (for example from: openssl rand -base64 48)."
        )
    try:
        return read_or_make(data_dir / "secret_key", lambda: secrets.token_urlsafe(48))
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATA_DIR {data_dir} cannot be used ({error.strerror}); "
            "give this account the right to write there, or name another folder."
        ) from None
