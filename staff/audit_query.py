"""A filter for entries of the audit log."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from audit.acts import ACTS
from audit.models import Entry, EntryQuerySet

AREAS = sorted({act.partition(".")[0] for act in ACTS})  # the word before the dot, such as "room"


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Entries must meet all conditions; None and "" mean any.

    area: one of AREAS. actor, about, room: ids. about: the person who did it, or whom it concerns. since, until: days
    in the zone, both included.
    """

    area: str = ""
    actor: int | None = None
    about: int | None = None
    room: int | None = None
    since: date | None = None
    until: date | None = None
    zone: tzinfo = UTC

    def entries(self) -> EntryQuerySet:
        """The newest first."""
        found = Entry.objects.order_by("-pk")
        if self.area:
            found = found.filter(act__startswith=f"{self.area}.")
        if self.actor is not None:
            found = found.filter(actor=self.actor)
        if self.about is not None:
            found = found.concerning(self.about)
        if self.room is not None:
            found = found.filter(room=self.room)
        if self.since:
            found = found.filter(made__gte=datetime.combine(self.since, time.min, self.zone))
        if self.until:
            found = found.filter(made__lt=datetime.combine(self.until + timedelta(days=1), time.min, self.zone))
        return found
