"""Writes down when people must have a second factor (see second_factor.py): when somebody sets one up, removes one, or
becomes staff, and regularly, since a setting may change while no program runs."""

from collections.abc import Collection
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from django_tasks import task

from jobs.portions import run_portions
from site_settings import current

from ..models import User
from .access_revocation import access_ended
from .second_factor import KINDS, covers, factors, having, is_wanted, rule

BATCH_SIZE = 200  # people in one portion
PAUSE = 0.2  # seconds between portions


def settle(user_ids: Collection[int], at_once: bool = False) -> None:
    """Write down when these people must have one, as the rule and what they have say now.

    at_once: whoever lacks one has no grace.
    """
    grace = timedelta(0) if at_once else timedelta(days=current.number("SECOND_FACTOR_GRACE"))
    with transaction.atomic():
        people = list(User.objects.select_for_update().filter(pk__in=user_ids).order_by("pk"))
        have, now = having(user_ids), timezone.now()
        for user in people:
            before, due = user.second_factor_due, None
            if user.is_active and covers(user) and user.pk not in have:
                due = min(before or now + grace, now + grace) if at_once else before or now + grace
            if due != before:
                User.objects.filter(pk=user.pk).update(second_factor_due=due)
            if due is not None and due <= now and due != before:
                access_ended.send(User, user_id=user.pk, digest=None)


def unsettled() -> QuerySet[User]:
    """People of whom `second_factor_due` does not say what the rule says."""
    have = Exists(factors().filter(user_id=OuterRef("pk")))
    everybody = {"all": Q(is_bot=False), "staff": Q(is_bot=False, is_staff=True)}.get(rule(), Q(pk=None))
    needing = everybody & Q(is_active=True) & ~Q(have)
    return User.objects.filter(Q(needing, second_factor_due=None) | (~Q(needing) & Q(second_factor_due__isnull=False)))


@task(priority=-5)
def settle_all() -> None:
    """After the rule has changed; and what an older version has written during an upgrade."""
    if run_portions(_settle_some, PAUSE):
        settle_all.enqueue()


def _settle_some() -> bool:
    found = list(unsettled().order_by("pk").values_list("pk", flat=True)[:BATCH_SIZE])
    settle(found)
    return bool(found)


@receiver(post_save, sender=Authenticator)
def _added(instance: Authenticator, created: bool, **kwargs: object) -> None:
    if created:
        settle([instance.user_id])


@receiver(post_delete, sender=Authenticator)
def _removed(instance: Authenticator, **kwargs: object) -> None:
    if instance.type in KINDS and is_wanted():
        settle([instance.user_id], at_once=True)


@receiver(post_save, sender=User)
def _account_saved(instance: User, update_fields: Collection[str] | None = None, **kwargs: object) -> None:
    if is_wanted() and (update_fields is None or {"is_staff", "is_active"} & set(update_fields)):
        settle([instance.pk])
