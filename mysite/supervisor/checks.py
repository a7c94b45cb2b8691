"""Checks before anything is started. Each raises CannotStart with one sentence, or logs a warning."""

import fcntl
import logging
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.db.utils import ConnectionHandler

from common import redis_version
from common.redis_clients import REDIS_AWAY, make_client
from mysite.site_url import is_ambiguous

from .errors import CannotStart

logger = logging.getLogger(__name__)

REDIS_TIMEOUT = 8  # seconds; a busy one is slow


def lock_data_dir(data_dir: Path):
    """Lock the data folder for this process, as long as the returned file is open. Raises CannotStart."""
    path = data_dir / "serve.lock"
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise CannotStart(
            f"DATA_DIR {data_dir} cannot be written ({error.strerror}); "
            "give this account the right to, or choose another folder with DATA_DIR."
        ) from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        owner = file.read().strip() or "?"
        file.close()
        raise CannotStart(
            f"Roundtable is running already with DATA_DIR {data_dir} (process {owner}). "
            "Stop that one, or give this one a DATA_DIR and a PORT of its own."
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def check_redis(urls: list[str]) -> list[tuple[str, redis_version.Version | None]]:
    """Check that each server answers. Returns (name, version) of each. Raises CannotStart."""
    found = []
    for url in urls:
        try:
            with make_client(url, REDIS_TIMEOUT) as client:
                version = redis_version.parse_server_version(client.info("server"))
        except (*REDIS_AWAY, ValueError) as error:
            raise CannotStart(
                f"Redis at {without_password(url)} does not answer ({_one_line(error)}). "
                "Start it, correct REDIS_URL, or unset REDIS_URL to use an embedded one."
            ) from None
        found.append((f"Redis at {without_password(url)}", version))
    return found


def report_version(where: str, version: redis_version.Version | None, say: Callable[[str], None]) -> None:
    """Print which server runs, and log a warning if this version has known problems."""
    say(f"{where}: {version or 'unknown version'}")
    if version and version.warning:
        logger.warning("%s: %s", where, version.warning)


def check_site_url() -> None:
    """Log a warning if links in mails and invitations may begin with an address that people do not know."""
    if is_ambiguous(settings.SITE_URL_GIVEN, settings.ALLOWED_HOSTS):
        logger.warning(
            "ALLOWED_HOSTS does not name one site, so links in mails and invitations begin with %s; set SITE_URL.",
            settings.SITE_URL,
        )


def check_database(database: dict) -> None:
    """Open one connection. Raises CannotStart. (Outside the pool, whose error would only say that it timed out.)"""
    options = {name: value for name, value in database.get("OPTIONS", {}).items() if name != "pool"}
    connection = ConnectionHandler({"default": {**database, "OPTIONS": options}})["default"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, ImproperlyConfigured, OSError, TypeError) as error:  # TypeError: an unknown option
        problem = f"The database {connection.settings_dict['NAME']} cannot be used ({_one_line(error)}). "
        if connection.vendor == "sqlite":
            raise CannotStart(problem + "Look at that file and its folder, or set DATABASE_URL.") from None
        if "unsupported startup parameter" in str(error):
            raise CannotStart(
                problem + "For PgBouncer, see docs/operations.md: ?options=none in DATABASE_URL."
            ) from None
        raise CannotStart(problem + "Start its server, or correct DATABASE_URL.") from None
    finally:
        connection.close()


def without_password(url: str) -> str:
    """A URL as it may be printed: without user, password and query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
