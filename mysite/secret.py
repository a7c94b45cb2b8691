"""The secret key: given, or made once and kept beside the data of a private installation."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret_key(given: str, data_dir: Path, public: bool) -> str:
    """The key to sign with.

    `public`: the site answers to names other than this machine's. Such a site may run on several
    machines, where a key that each makes for itself would sign people out at random; it must be given.
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
        data_dir.mkdir(parents=True, exist_ok=True)
        # O_EXCL: of two processes that start together one writes, and the other reads what it wrote.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR {data_dir} cannot be written: {error.strerror}.") from None
    return path.read_text().strip()
