"""The rule that people need a second factor: nobody, staff, or all (SECOND_FACTOR).

Whoever falls under it and has none has SECOND_FACTOR_GRACE days, until `User.second_factor_due`. From then on they are
refused everything but the pages on which they set one up: by session and by token. It is due at once for who removes
their last one. Bots need none.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from site_settings import current

from ..models import User

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none
FIELDS = ("is_bot", "is_staff", "second_factor_due")  # of a user: what the rule looks at
_TOLD_LATE = timedelta(minutes=5)  # a process that was busy for so long still closes its sockets


class SecondFactorNeeded(Exception):
    """Somebody has shown who they are, but may do nothing before they have set up a second factor."""


def rule() -> str:
    """For whom the rule is: "nobody", "staff" or "all"."""
    return current.text("SECOND_FACTOR")


def is_wanted() -> bool:
    """Whether the rule is for anybody."""
    return rule() != "nobody"


def covers(user: User) -> bool:
    """Whether the rule is for this person."""
    return not user.is_bot and (rule() == "all" or (rule() == "staff" and user.is_staff))


def due_of(user: User) -> datetime | None:
    """When this person must have one; None: they have one, or need none."""
    return user.second_factor_due if user.second_factor_due and covers(user) else None


def is_late(user: User | AnonymousUser | None) -> bool:
    """Whether their time is up, unless they have set one up where it was not noticed."""
    due = due_of(user) if isinstance(user, User) else None
    return due is not None and due <= timezone.now()


def is_overdue(user: User) -> bool:
    """Whether this person may do nothing else before they have one. Asks the database only once the time is up."""
    return bool(overdue([user]))


def overdue(users: Iterable[User]) -> set[int]:
    """The ids of those among them for whom that is so. No query, or one."""
    late = {user.pk for user in users if is_late(user)}
    return late - having(late) if late else set()


def having(user_ids: Collection[int]) -> set[int]:
    """Who of these has a second factor.

    The only place that says so: what a company's sign-in has checked would count here.
    """
    return set(factors().filter(user_id__in=user_ids).values_list("user_id", flat=True))


def become_overdue() -> set[int]:
    """The ids of people whose time was up a short while ago. One query, or none without the rule."""
    if not is_wanted():
        return set()
    now = timezone.now()
    late = User.objects.filter(second_factor_due__lte=now, second_factor_due__gt=now - _TOLD_LATE)
    return overdue(late.only(*FIELDS))


def lacking() -> QuerySet[User]:
    """People who must have one and have none, for the pages of staff."""
    if not is_wanted():
        return User.objects.none()
    return User.objects.filter(second_factor_due__isnull=False, is_active=True)


def factors() -> QuerySet[Authenticator]:
    """All that are one."""
    return Authenticator.objects.filter(type__in=KINDS)
