"""Prepares the database, the first room and static files before a start. Cheap when there is nothing to do."""

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
from django.urls import reverse

from accounts import owner_links
from accounts.mail.links import absolute_url
from accounts.role_changes import has_owner
from rooms.search import message_index
from rooms.services.lobby import ensure_first_room

from .database import lift_limits
from .supervisor import checks
from .supervisor.errors import CannotStart

_IGNORED_PATTERNS = ["js/tests/*", "js/package.json"]
_MIGRATION_LOCK_ID = 7_261_901  # an arbitrary number, the same on all hosts: one migrates, the others wait


def prepare(migrate: bool, static_files: bool, say) -> list[str]:
    """Do all of it in order. migrate: change the tables if needed. static_files: whether pages are served here.

    say: prints a line. Returns what is to be said once people can come in. Raises CannotStart.
    """
    create_database_file(settings.DATABASES["default"])
    checks.check_database(settings.DATABASES["default"])
    migrate_database(migrate, say)
    create_first_room(say)
    if not static_files:
        return []
    collect_static_files(say)
    return invite_owner()


def invite_owner() -> list[str]:
    """The line with a new link for becoming the owner, on a server that has none."""
    if has_owner():
        return []
    link = absolute_url(reverse("become_owner", args=[owner_links.make()]))
    return [f"Nobody owns this server yet. To become its owner, open {link} (it works once)."]


def create_database_file(database: dict) -> None:
    """Create the SQLite file with permissions for its owner only, which SQLite also gives to the files beside it."""
    if database["ENGINE"].endswith("sqlite3"):
        with suppress(OSError):  # the following check says what is wrong
            os.close(os.open(database["NAME"], os.O_CREAT | os.O_WRONLY, 0o600))


def migrate_database(migrate: bool, say) -> None:
    """Bring the tables up to date; without `migrate`, raise CannotStart if they are not."""
    if not _count_pending_steps():
        return
    if not migrate:
        raise CannotStart("The database is not up to date; run first: manage.py serve --only web --migrate")
    with _migration_lock():
        if due := _count_pending_steps():
            say(f"Preparing the database ({due} steps)…")
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)


def create_first_room(say) -> None:
    """Create a lobby on a server without rooms."""
    if room := ensure_first_room():
        say(f"Created the room {room.title}.")


def collect_static_files(say) -> None:
    """Collect, hash and compress the static files if one of them has changed."""
    if settings.DEBUG:
        return  # they are served from the source folders
    root = Path(settings.STATIC_ROOT)
    root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # it may not exist if only some roles run here
    stamp = root.parent / "static.stamp"
    with (root.parent / "static.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        now = _fingerprint()
        if stamp.exists() and stamp.read_text() == now and (root / "staticfiles.json").exists():
            return
        say("Collecting static files…")
        with _readable_by_all():  # a proxy may serve them, and they are not secret
            root.mkdir(parents=True, exist_ok=True)
            call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=_IGNORED_PATTERNS)
        stamp.write_text(now)


@contextmanager
def _readable_by_all():
    mask = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(mask)


def _count_pending_steps() -> int:
    """How many steps are needed: migrations, the cache's table, the search index."""
    executor = MigrationExecutor(connection)
    steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    steps += settings.CACHES["default"]["LOCATION"] not in connection.introspection.table_names()
    return steps + (not message_index.is_ready())


@contextmanager
def _migration_lock():
    if connection.vendor != "postgresql":  # SQLite: `serve` has locked the data folder
        yield
        return
    lift_limits(connection.alias)  # another host's migrations may take long
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK_ID])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATION_LOCK_ID])


def _fingerprint() -> str:
    """A digest of all static files' names, sizes and times."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
