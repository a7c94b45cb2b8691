"""What must be there before anything is started; each thing that is not is one sentence."""

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

from common.redis_clients import REDIS_AWAY, make_client
from mysite.site_url import is_ambiguous

from . import redis_version
from .errors import CannotStart

logger = logging.getLogger(__name__)

REDIS_SECONDS = 8  # that one may take to answer before anything is started; a busy one is slow


def lock(data_dir: Path):
    """Claim the data folder for this process, for as long as the returned file is open."""
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


def redis_answers(urls: list[str]) -> list[tuple[str, redis_version.Version | None]]:
    """Insist that each server answers. Returns what they are called, and their releases."""
    found = []
    for url in urls:
        try:
            with make_client(url, REDIS_SECONDS) as client:
                version = redis_version.of_server(client.info("server"))
        except (*REDIS_AWAY, ValueError) as error:
            raise CannotStart(
                f"Redis at {without_password(url)} does not answer ({_one_line(error)}). "
                "Start it, correct REDIS_URL, or unset REDIS_URL to use an embedded one."
            ) from None
        found.append((f"Redis at {without_password(url)}", version))
    return found


def tell_version(where: str, version: redis_version.Version | None, say: Callable[[str], None]) -> None:
    """Say which server runs; what is wrong with it goes into the log as a warning."""
    say(f"{where}: {version or 'a release that it does not tell'}")
    if version and version.warning:
        logger.warning("%s: %s", where, version.warning)


def site_url_is_known() -> None:
    """Warn when links that leave the site may begin with an address under which nobody knows it."""
    if is_ambiguous(settings.SITE_URL_GIVEN, settings.ALLOWED_HOSTS):
        logger.warning(
            "ALLOWED_HOSTS does not name one site, so links in mails and invitations begin with %s; set SITE_URL.",
            settings.SITE_URL,
        )


def database_answers(database: dict) -> None:
    """Open one connection outside the pool, whose own error would only say that it waited."""
    options = {name: value for name, value in database.get("OPTIONS", {}).items() if name != "pool"}
    connection = ConnectionHandler({"default": {**database, "OPTIONS": options}})["default"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, ImproperlyConfigured, OSError, TypeError) as error:  # the last: of an unknown option
        what = f"The database {connection.settings_dict['NAME']} cannot be used ({_one_line(error)}). "
        if connection.vendor == "sqlite":
            raise CannotStart(what + "Look at that file and its folder, or set DATABASE_URL.") from None
        if "unsupported startup parameter" in str(error):
            raise CannotStart(what + "For PgBouncer, see docs/operations.md: ?options=none in DATABASE_URL.") from None
        raise CannotStart(what + "Start its server, or correct DATABASE_URL.") from None
    finally:
        connection.close()


def without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
