"""Changes how somebody wants to be reached while they are away."""

from collections.abc import Iterable
from datetime import time

from django.db import transaction

from accounts.models import User

from .models import DeliverySettings


def save(
    user: User, quiet_from: time | None, quiet_until: time | None, exceptions: Iterable[User], push_content: bool
) -> None:
    values = {"quiet_from": quiet_from, "quiet_until": quiet_until, "push_content": push_content}
    with transaction.atomic():
        chosen, _made = DeliverySettings.objects.update_or_create(user=user, defaults=values)
        chosen.exceptions.set(exceptions)
