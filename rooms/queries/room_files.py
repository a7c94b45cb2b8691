"""Which files were sent in a room, the newest first. Who may read is settled before: a Room comes from `membership`."""

from collections.abc import Collection
from dataclasses import dataclass

from ..kernel.wire import MAX_FILES
from ..models import Attachment, Room
from ..models.attachment import KINDS as KINDS

PAGE, MAX_PAGE = 50, 100


@dataclass(frozen=True, slots=True)
class FilesPage:
    files: list[Attachment]  # with blob and uploader; all files of a message are on one page
    more: bool


def page(
    room: Room, kind: str = "", before: int | None = None, limit: int = PAGE, without: Collection[int] = ()
) -> FilesPage:
    """kind: one of KINDS, or all. before: the id of a message: only what was sent before it. without: ids of people."""
    limit = max(MAX_FILES, min(limit, MAX_PAGE))
    found = Attachment.objects.filter(room=room, message__deleted=False).select_related("blob", "uploader")
    if without:
        found = found.exclude(uploader__in=without)
    if kind:
        found = found.filter(kind=kind)
    if before is not None:
        found = found.filter(message_id__lt=before)
    files = list(found.order_by("-message_id", "position")[: limit + 1])
    if len(files) <= limit:
        return FilesPage(files, more=False)
    cut = files[-1].message_id
    return FilesPage([file for file in files if file.message_id != cut], more=True)
