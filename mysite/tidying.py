"""Jobs that keep the database tidy: they delete what nobody needs any more, and complete what processes of an older
version have written during an upgrade."""

import logging
from collections.abc import Callable

from django_tasks import task

from accounts.security.session_store import SessionStore
from jobs.portions import run_portions
from rooms.privacy import erasure
from rooms.search.message_index import fold_batch, purge_batch
from rooms.search.name_index import index_batch
from rooms.services.deletion import delete_for_good_batch
from rooms.services.notifications import delete_old_batch

from .database import truncate_write_ahead_log

logger = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between portions
SHORT_PAUSE = 0.1  # for what somebody waits for
_DAILY: tuple[Callable[[], object], ...] = (
    SessionStore.delete_expired_batch, delete_old_batch, delete_for_good_batch, fold_batch, index_batch,
)  # fmt: skip


@task(priority=-10)
def clean_up() -> None:
    """Delete expired sessions, old notifications and deleted rooms whose time is over; index what is not indexed."""
    left = [portion for portion in _DAILY if run_portions(portion, PAUSE)]
    if left:
        clean_up.enqueue()


@task(priority=-5)
def purge_deleted_text() -> None:
    """Remove what SQLite keeps of deleted text in the search index and in its write-ahead log."""
    if run_portions(purge_batch, SHORT_PAUSE):
        purge_deleted_text.enqueue()
    truncate_write_ahead_log()


@task(priority=5)
def continue_erasures() -> None:
    """Erase accounts. One that cannot be erased now does not keep the others waiting: it is due again later."""
    run_portions(_erase_some, SHORT_PAUSE)


def _erase_some() -> bool:
    try:
        return erasure.run_next_batch()
    except Exception:  # noqa: BLE001 - whatever it was, the next one comes
        logger.exception("an erasure failed, and is tried again")
        return True
