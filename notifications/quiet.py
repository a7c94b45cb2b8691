"""When a person does not want to be disturbed: while their status says so, and in their quiet hours."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from accounts.models import User
from accounts.statuses import Availability
from accounts.time_zones import find_time_zone

from .models import DeliverySettings

FOREVER = datetime.max.replace(tzinfo=UTC)  # until the person changes it


def quiet_until(user: User, chosen: DeliverySettings | None, now: datetime) -> datetime | None:
    """When the person may be disturbed again; None: now. chosen: their settings, if they have any."""
    status = user.current_status
    ends = [_end_of_hours(user, chosen, now)] if chosen else []
    if status and status.availability == Availability.DO_NOT_DISTURB:
        ends.append(status.until or FOREVER)
    return max(filter(None, ends), default=None)


def _end_of_hours(user: User, chosen: DeliverySettings, now: datetime) -> datetime | None:
    begin, end = chosen.quiet_from, chosen.quiet_until
    if begin is None or end is None or begin == end:
        return None
    zone = find_time_zone(user.time_zone) or UTC
    here = now.astimezone(zone)
    now_there, overnight = here.time(), begin > end
    if overnight and now_there >= begin:
        return _moment(here.date() + timedelta(days=1), end, zone)
    if (overnight and now_there < end) or (not overnight and begin <= now_there < end):
        return _moment(here.date(), end, zone)
    return None


def _moment(day: date, clock: time, zone: tzinfo) -> datetime:
    """When it is so late there. Where clocks are put back, it is twice: then the later one, which is not over yet."""
    return max(datetime.combine(day, clock.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
