"""What must be made before the first page: tables, the cache's table, static files. Each costs little when done."""

import fcntl
import hashlib
import os
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from rooms.search import message_index
from rooms.services.lobby import ensure_first_room

from .database import lift_limits
from .supervisor import checks
from .supervisor.errors import CannotStart

_NOT_FOR_BROWSERS = ["js/tests/*", "js/package.json"]
_MIGRATING = 7_261_901  # any number, the same on every host: one of them migrates, the others wait


def prepare(migrate: bool, pages: bool, say) -> None:
    """All of it, in order. pages: whether static files are needed. Raises CannotStart."""
    create_database_file(settings.DATABASES["default"])
    checks.database_answers(settings.DATABASES["default"])
    migrate_database(migrate, say)
    create_first_room(say)
    if pages:
        collect_static_files(say)


def create_database_file(database: dict) -> None:
    """A new SQLite file belongs to its owner alone, and so do those that SQLite lays beside it: talks are private."""
    if database["ENGINE"].endswith("sqlite3"):
        with suppress(OSError):  # the check that follows says what is wrong
            os.close(os.open(database["NAME"], os.O_CREAT | os.O_WRONLY, 0o600))


def migrate_database(migrate: bool, say) -> None:
    """Bring the tables up to date, or only insist that they are."""
    if not _due():
        return
    if not migrate:
        raise CannotStart("The database is not up to date; run first: manage.py serve --only web --migrate")
    with _one_at_a_time():
        if due := _due():
            say(f"Preparing the database ({due} steps)…")
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)


def create_first_room(say) -> None:
    """A server without any room gets a lobby, so that there is somewhere to go."""
    if room := ensure_first_room():
        say(f"Created the room {room.title}.")


def collect_static_files(say) -> None:
    """Collect, hash and compress the static files when one of them has changed since the last time."""
    if settings.DEBUG:
        return  # then they are served from where they lie
    root = Path(settings.STATIC_ROOT)
    root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # it is there unless only some roles run here
    stamp = root.parent / "static.stamp"
    with (root.parent / "static.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        now = _fingerprint()
        if stamp.exists() and stamp.read_text() == now and (root / "staticfiles.json").exists():
            return
        say("Collecting static files…")
        with _readable_by_all():  # a proxy may serve them, and they are no secret
            root.mkdir(parents=True, exist_ok=True)
            call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=_NOT_FOR_BROWSERS)
        stamp.write_text(now)


@contextmanager
def _readable_by_all():
    mask = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(mask)


def _due() -> int:
    """How many steps the database is behind: migrations, the table of the cache, the search index."""
    executor = MigrationExecutor(connection)
    steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    steps += settings.CACHES["default"]["LOCATION"] not in connection.introspection.table_names()
    return steps + (not message_index.is_ready())


@contextmanager
def _one_at_a_time():
    if connection.vendor != "postgresql":  # SQLite: the data folder is locked as a whole
        yield
        return
    lift_limits(connection.alias)  # the other host's migrations may take long
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])


def _fingerprint() -> str:
    """Changes with any static file: its name, size or time."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
