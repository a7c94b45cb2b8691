"""How long files are kept. Their messages stay, and say of each file that it was removed."""

import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby, islice
from operator import attrgetter

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task

from accounts.models import User
from audit.recording import record
from site_settings import current

from ..kernel.errors import ChatError
from ..kernel.notices import notice
from ..kernel.rights import Action
from ..models import Attachment, Message, Room
from . import attachments
from .membership import get_visible_room
from .message_changes import changing_in
from .notices import try_to_post_notice
from .rights import check
from .room_locks import lock_room

CHOICES = (7, 30, 90, 180, 365, 1095)  # days; 0: for as long as the server says
BATCH_SIZE = 200  # files
BATCHES = 20  # in one run of the job, so that other jobs have a turn
PAUSE = 0.02  # seconds between messages, so that others can write


def days_of(room: Room) -> int:
    """After how many days the files of a room are removed; 0: never."""
    return min(filter(None, (room.files_days, current.number("FILES_KEPT_DAYS"))), default=0)


def choices() -> list[int]:
    """What a room may choose: nothing longer than the server keeps files."""
    limit = current.number("FILES_KEPT_DAYS")
    return [0, *(days for days in CHOICES if not limit or days < limit)]


def set_days(actor: User, room_name: str, days: int) -> Room:
    """Set it and post a notice. For the room's owner and staff. The same number again does nothing.

    Raises ChatError: cannot_set_files_days, files_days_unknown, no_such_room.
    """
    room = get_visible_room(actor.id, room_name)
    check(Action.SET_FILES_DAYS, actor, room)
    if days not in choices():
        raise ChatError("files_days_unknown", choices=", ".join(map(str, choices())))
    with transaction.atomic():
        room = lock_room(room.pk)
        if room.files_days != days:
            Room.objects.filter(pk=room.pk).update(files_days=days)
            told = notice("files_days_set", days=days) if days else notice("files_days_lifted")
            try_to_post_notice(actor, room.pk, told)
            record("room.files_days_changed", actor=actor.pk, room=room.pk, days=days)
    room.refresh_from_db()
    return room


@task(priority=-10)
def remove_old_files() -> None:
    """A regular job: removes some old files of all rooms, and enqueues another job for the rest."""
    for _batch in range(BATCHES):
        if not _remove_some():
            return
    remove_old_files.enqueue()


def _remove_some() -> bool:
    """Returns whether there may be more that can be removed now."""
    rows = list(islice(_old_files(), BATCH_SIZE))
    rows.sort(key=attrgetter("room_id", "message_id"))
    removed = 0
    for _ids, files in groupby(rows, key=attrgetter("room_id", "message_id")):
        removed += _remove(list(files))
        time.sleep(PAUSE)
    return removed > 0


def _old_files() -> Iterable[Attachment]:
    return (row for found in _by_age() for row in found.select_related("room")[:BATCH_SIZE].iterator())


def _by_age() -> Iterator[QuerySet[Attachment]]:
    sent, now = Attachment.objects.filter(message__isnull=False, room__deleted=None), timezone.now()
    if limit := current.number("FILES_KEPT_DAYS"):
        yield sent.filter(created__lt=now - timedelta(days=limit)).order_by("created")
    chosen = Room.objects.filter(files_days__gt=0, deleted=None).order_by("pk")
    for pk, days in list(chosen.values_list("pk", "files_days")):
        yield sent.filter(room=pk, created__lt=now - timedelta(days=days)).order_by("created")


def _remove(files: list[Attachment]) -> bool:
    """Remove the files of one message. False: not now."""
    room, message_id = files[0].room, files[0].message_id
    try:
        with changing_in(room.pk, message_id or 0) as message:
            _mark(message, {file.key for file in files}, days_of(room))
            attachments.discard(Attachment.objects.filter(pk__in=[file.pk for file in files]))
    except ChatError:  # it has just been deleted, or the room is locked
        return False
    return True


def _mark(message: Message, keys: set[str], days: int) -> None:
    message.files = [
        {**{name: file[name] for name in ("id", "name", "type", "size")}, "removed": days}
        if file["id"] in keys
        else file
        for file in message.files or ()
    ]
    message.save(update_fields=["files"])
