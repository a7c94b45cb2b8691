"""What uses how much space, for staff: by room, by person, by kind of file. What is sent twice counts twice, though
its bytes are kept once. Each sum reads an index, and no rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from files import usage
from files.models import Blob
from site_settings import current

from ..models import Attachment, Room
from ..models.attachment import KINDS

ROWS = 20  # rooms and people shown by name


@dataclass(frozen=True, slots=True)
class Use:
    """bytes and limit: None where there is none."""

    name: str
    count: int
    bytes: int
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    kept: Use  # the bytes themselves, each once
    sent: Use
    disk_left: int  # bytes
    kinds: list[Use]
    rooms: list[Use]
    people: list[Use]


def make_report(reader: User) -> Report:
    """Rooms that the reader may not enter are counted, and not named."""
    kinds = _kinds()
    sent = Use(_("Sent, and waiting to be sent"), sum(use.count for use in kinds), sum(use.bytes for use in kinds))
    kept = Use(_("On this server"), Blob.objects.count(), usage.total_size(), _limit(settings.FILES_QUOTA_MB))
    visible = Q(room__in=Room.objects.visible_to(reader.pk))
    rooms = _largest("room", current.number("FILES_QUOTA_ROOM_MB"), visible)
    people = _largest("uploader", current.number("FILES_QUOTA_PERSON_MB"))
    titles = dict(Room.objects.filter(pk__in=[pk for pk, _use in rooms]).values_list("pk", "title"))
    names = dict(User.objects.filter(pk__in=[pk for pk, _use in people]).values_list("pk", "username"))
    return Report(
        kept,
        sent,
        usage.disk_left(),
        kinds,
        [*_named(rooms, titles), _rest(_("Other rooms"), sent, rooms)],
        [*_named(people, names), _rest(_("Others"), sent, people)],
    )


def _kinds() -> list[Use]:
    words = {"image": _("Pictures"), "video": _("Videos"), "audio": _("Audio"), "document": _("Documents and others")}
    found = Attachment.objects.order_by().values_list("kind").annotate(Count("pk"), Sum("size"))
    sums = {kind: (count, size) for kind, count, size in found}
    return [Use(words[kind], *sums.get(kind, (0, 0))) for kind in KINDS]


def _largest(column: str, limit_mb: int, which: Q | None = None) -> list[tuple[int, Use]]:
    rows = (
        Attachment.objects.filter(which or Q()).order_by().values_list(column).annotate(Count("pk"), bytes=Sum("size"))
    )
    limit = _limit(limit_mb)
    return [(pk, Use("", count, size, limit)) for pk, count, size in rows.order_by("-bytes")[:ROWS]]


def _named(found: Sequence[tuple[int, Use]], names: dict[int, str]) -> list[Use]:
    return [Use(names[pk], use.count, use.bytes, use.limit) for pk, use in found if pk in names]


def _rest(name: str, total: Use, found: Sequence[tuple[int, Use]]) -> Use:
    shown = [use for _pk, use in found]
    return Use(name, total.count - sum(use.count for use in shown), total.bytes - sum(use.bytes for use in shown))


def _limit(megabytes: int) -> int | None:
    return megabytes * usage.MIB or None
