"""The secret key: from the environment, or generated once and kept in DATA_DIR of a private installation."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


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
    path = data_dir / "secret_key"
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATA_DIR {data_dir} cannot be used ({error.strerror}); "
            "give this account the right to write there, or name another folder."
        ) from None


def _write_once(path: Path, text: str) -> None:
    """Create the file atomically: of two processes that start together, one writes it and both read the same key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
