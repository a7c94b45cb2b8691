"""Saves when and how a person wants to be notified."""

from collections.abc import Iterable
from datetime import time

from django.db import transaction

from accounts.models import User

from .models import DeliverySettings


def save_quiet(user: User, quiet_from: time | None, quiet_until: time | None, exceptions: Iterable[int]) -> None:
    """quiet_from, quiet_until: in the person's time zone, both or none. exceptions: ids of people whose direct messages
    are pushed at any time."""
    values = {"quiet_from": quiet_from, "quiet_until": quiet_until}
    with transaction.atomic():
        chosen, _made = DeliverySettings.objects.update_or_create(user=user, defaults=values)
        chosen.exceptions.set(exceptions)


def save_push_content(user: User, push_content: bool) -> None:
    """Whether pushes say who wrote what."""
    DeliverySettings.objects.update_or_create(user=user, defaults={"push_content": push_content})
