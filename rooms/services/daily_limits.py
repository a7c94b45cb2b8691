"""How many people one account may contact in a day, and how much it may report.

Counted in the database, so that neither a restart nor an empty Redis resets anything. Staff and bots have no limit. An
account younger than a day that nobody vouches for has a fifth of it.
"""

import math
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from site_settings import current

from ..kernel.errors import ChatError
from ..models import PersonalInvitation, Report, Room, RoomKind

DAY = timedelta(days=1)
MAX_REPORTS_PER_DAY = 30
NEW_ACCOUNT_SHARE = 5  # an account younger than a day gets one of so many parts


def check_new_direct(user: User) -> None:
    """Check that this person may begin another direct conversation. Raises rate_limited."""
    opened = Room.objects.filter(created_by=user, kind=RoomKind.DIRECT).exclude(memberships__user__is_bot=True)
    _check(user, opened, current.number("MAX_NEW_DIRECT_PER_DAY"), "too_many_new_directs")


def check_invitations(user: User) -> None:
    """Check that this person may bring another person into a room, by an invitation or at once. Raises rate_limited."""
    asked = PersonalInvitation.objects.filter(inviter=user).exclude(user__is_bot=True)
    _check(user, asked, current.number("MAX_INVITATIONS_PER_DAY"), "too_many_invitations")


def check_reports(user: User) -> None:
    """Check that this person may report something else. Raises rate_limited."""
    _check(user, Report.objects.filter(reporter=user), MAX_REPORTS_PER_DAY, "too_many_reports")


def _check(user: User, made: QuerySet, most: int, reason: str) -> None:
    """made: rows with a time `created`, all that this person has made so far."""
    now = timezone.now()
    if user.is_staff or user.is_bot:
        return
    if user.date_joined > now - DAY and not user.vouched:
        most = max(1, most // NEW_ACCOUNT_SHARE)
    latest = list(made.filter(created__gt=now - DAY).order_by("-created").values_list("created", flat=True)[:most])
    if len(latest) == most:
        wait = (latest[-1] + DAY - now).total_seconds()
        raise ChatError(reason, wait, hours=max(1, math.ceil(wait / 3600)))
