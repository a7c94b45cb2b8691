"""What a person says of themselves for a while: an emoji, a text, and whether they can be reached."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

END_OF_DAY = time(23, 59, 59)


class Availability(models.TextChoices):
    AVAILABLE = "", _("Available")
    AWAY = "away", _("Away")
    DO_NOT_DISTURB = "dnd", _("Do not disturb")


class Duration(models.TextChoices):
    FOREVER = "", _("Until I change it")
    HALF_HOUR = "30m", _("For 30 minutes")
    HOUR = "1h", _("For an hour")
    TODAY = "today", _("Until the end of today")
    WEEK = "week", _("Until the end of this week")


@dataclass(frozen=True, slots=True)
class Status:
    """until: when it ends; None: when it is changed."""

    emoji: str
    text: str
    until: datetime | None
    availability: str

    @property
    def label(self) -> str:
        """The availability in words; empty for the usual one."""
        return str(Availability(self.availability).label) if self.availability else ""

    @property
    def words(self) -> str:
        """The text, or else the availability."""
        return self.text or self.label


def end_of(duration: str, zone: tzinfo) -> datetime | None:
    """When a status ends that begins now, for somebody in this time zone. A week ends on Sunday."""
    now = timezone.now()
    if duration in (Duration.HALF_HOUR, Duration.HOUR):
        return now + timedelta(minutes=30 if duration == Duration.HALF_HOUR else 60)
    today = now.astimezone(zone).date()
    if duration == Duration.TODAY:
        return datetime.combine(today, END_OF_DAY, zone)
    if duration == Duration.WEEK:
        return datetime.combine(today + timedelta(days=6 - today.weekday()), END_OF_DAY, zone)
    return None
