"""What is wrong with the server, and what to do about it: for the pages of staff, and for `manage.py checkserver`.

Each process keeps its result for two minutes, so that few pages have to ask Redis and count jobs.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mail import sending
from accounts.mail.links import site_host
from backups import regular as backups
from common.redis_clients import REDIS_AWAY, make_client
from common.redis_version import parse_server_version
from files import usage
from jobs import backlog

Found = tuple[str, dict[str, Any]]  # a key of SENTENCES, and its parameters
KEPT = 120.0  # seconds
REDIS_TIMEOUT = 1.0  # seconds
BY_HAND = timedelta(days=8)  # how long a backup counts where there is no schedule
LITTLE_DISK = 2 * 2**30  # bytes that are left for files
_LOCAL = {"localhost", "127.0.0.1", "::1"}

# What is wrong, and what to do.
SENTENCES: dict[str, tuple[str | Promise, str | Promise]] = {
    "no_mail": (
        _("This server sends no e-mail."),
        _("Set EMAIL_URL, so that people can choose a new password and hear of what they missed."),
    ),
    "mail_failing": (
        _("The mail server does not answer, or takes nothing from us."),
        _("Check it; mails wait for a day."),
    ),
    "redis_away": (_("Redis does not answer."), _("Start it, or mend REDIS_URL: what people write is shown late.")),
    "redis_old": (_("Redis is too old or has a known security hole: %(version)s."), _("Upgrade it.")),
    "redis_evicts": (
        _("Redis may throw away what it holds (maxmemory-policy %(policy)s)."),
        _("Set maxmemory-policy to noeviction."),
    ),
    "disk": (
        _("The disk is nearly full: %(left)s MB are left for files."),
        _("Free some, or let old files be removed (FILES_KEPT_DAYS)."),
    ),
    "no_backups": (
        _("No backups are made by a schedule."),
        _("Set BACKUP_EVERY, unless you make them in another way."),
    ),
    "backup_old": (
        _("The last backup is too old."),
        _("See whether a job worker runs, and what the last attempt said."),
    ),
    "backup_failed": (_("The last backup has failed."), _("See why in the list of backups.")),
    "jobs_behind": (
        _("Jobs have been waiting for more than 10 minutes."),
        _("See whether a job worker runs (JOB_WORKERS)."),
    ),
    "jobs_failed": (_("Jobs have failed: %(count)s."), _("See where, and run them again or remove them.")),
    "migrations": (
        _("The database is not up to date (%(count)s steps are missing)."),
        _("Run manage.py migrate, or start the server anew."),
    ),
    "newer": (
        _("A newer version has changed the database."),
        _("Replace this version everywhere: both should run side by side only during an upgrade."),
    ),
    "debug": (_("DEBUG is on, on a public address."), _("Set DEBUG=no: pages of errors show settings.")),
    "http": (
        _("People reach this server without encryption."),
        _("Put a proxy with HTTPS before it, and set HTTPS=yes."),
    ),
}


# The URL names of pages that show more.
_PAGES = {
    "no_mail": "server_mail",
    "mail_failing": "server_mail",
    "disk": "server_storage",
    "no_backups": "server_backups",
    "backup_old": "server_backups",
    "backup_failed": "server_backups",
    "jobs_behind": "server_jobs",
    "jobs_failed": "server_jobs",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """page: the URL name of the page that shows more, or ""."""

    key: str
    sentence: str
    advice: str
    page: str


_kept: tuple[float, list[Found]] | None = None  # when it was found


def problems() -> list[Problem]:
    """The problems, in the active language; at most KEPT seconds old."""
    if _kept is None or time.monotonic() - _kept[0] >= KEPT:
        return find_now()
    return [_problem(*each) for each in _kept[1]]


def find_now() -> list[Problem]:
    """The problems as of now. The result is kept for `problems`."""
    global _kept
    _kept = time.monotonic(), list(find())
    return [_problem(*each) for each in _kept[1]]


def find() -> Iterator[Found]:
    """The most urgent first."""
    yield from _settings()
    yield from _database()
    for url in settings.REDIS_URLS:
        yield from _redis(url)
    if (left := usage.disk_left()) < LITTLE_DISK:
        yield "disk", {"left": max(0, left // 2**20)}
    yield from _work()
    yield from _backups()
    if not settings.EMAIL_HOST:
        yield "no_mail", {}
    elif sending.is_failing():
        yield "mail_failing", {}


def _problem(key: str, params: dict[str, Any]) -> Problem:
    sentence, advice = SENTENCES[key]
    return Problem(key, str(sentence) % params, str(advice), _PAGES.get(key, ""))


def _settings() -> Iterator[Found]:
    if (urlsplit(f"//{site_host()}").hostname or "") in _LOCAL:
        return
    if settings.DEBUG:
        yield "debug", {}
    if not settings.HTTPS:
        yield "http", {}


def _database() -> Iterator[Found]:
    known = _migrations()
    applied, apps = set(MigrationRecorder(connection).applied_migrations()), {app for app, _name in known}
    if missing := known - applied:
        yield "migrations", {"count": len(missing)}
    if any(each[0] in apps for each in applied - known):
        yield "newer", {}


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """The migrations of this version."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _redis(url: str) -> Iterator[Found]:
    try:
        with make_client(url, REDIS_TIMEOUT) as client:
            info = client.info()
    except REDIS_AWAY:
        yield "redis_away", {}
        return
    version = parse_server_version(info)
    if version and version.warning:
        yield "redis_old", {"version": str(version)}
    if (policy := str(info.get("maxmemory_policy", "noeviction"))) != "noeviction":
        yield "redis_evicts", {"policy": policy}


def _work() -> Iterator[Found]:
    if backlog.is_behind():
        yield "jobs_behind", {}
    if failed := backlog.counts()["failed"]:
        yield "jobs_failed", {"count": failed}


def _backups() -> Iterator[Found]:
    last = backups.latest()
    if settings.BACKUP_EVERY and backups.is_overdue():
        yield "backup_old", {}
    elif not settings.BACKUP_EVERY and not (last and last.finished and timezone.now() - last.finished < BY_HAND):
        yield "no_backups", {}
    if backups.state()["failed"]:
        yield "backup_failed", {}
