"""Allows one backup at a time on all hosts. While it runs, no bytes of files are deleted (files.places).

A row holds a lease, which a thread renews. So the lease holds however slowly the archive is written, and expires when
the process dies.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, IntegrityError, InterfaceError, connections, transaction
from django.db.models.functions import Now

from .errors import Busy
from .models import Backup

LEASE = timedelta(seconds=90)
RENEW_INTERVAL = 15.0  # seconds
INTERRUPTED = "interrupted"
logger = logging.getLogger(__name__)


def is_running() -> bool:
    return Backup.objects.filter(finished=None, lease_until__gt=Now()).exists()


@contextmanager
def held(regular: bool, file: str) -> Iterator[Backup]:
    """Hold the lease while a backup is made. Yields its row, and saves the outcome in it. Raises Busy."""
    row, ended = _begin(regular, file), threading.Event()
    renewing = threading.Thread(target=_renew, args=(row.pk, ended), name="backup-lease", daemon=True)
    renewing.start()
    try:
        yield row
    except BaseException as error:
        row.error = f"{type(error).__name__}: {error}"[:300]
        raise
    finally:
        ended.set()
        renewing.join()
        _end(row)


def _begin(regular: bool, file: str) -> Backup:
    Backup.objects.filter(finished=None, lease_until__lte=Now()).update(finished=Now(), error=INTERRUPTED)
    try:
        with transaction.atomic():
            return Backup.objects.create(regular=regular, file=file, lease_until=Now() + LEASE)
    except IntegrityError:
        raise Busy("Another backup is being made; wait until it is done.") from None


def _end(row: Backup) -> None:
    about = {name: getattr(row, name) for name in ("size", "rows", "files", "missing", "error")}
    Backup.objects.filter(pk=row.pk, finished=None).update(finished=Now(), **about)


def _renew(id: int, ended: threading.Event) -> None:
    try:
        while not ended.wait(RENEW_INTERVAL):
            try:
                Backup.objects.filter(pk=id, finished=None).update(lease_until=Now() + LEASE)
            except (DatabaseError, InterfaceError) as error:  # the next attempt comes before the lease ends
                logger.warning("the lease of a backup could not be renewed: %s", error)
                connections.close_all()
    finally:
        connections.close_all()
