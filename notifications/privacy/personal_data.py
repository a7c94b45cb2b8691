"""Exports what is stored to notify a person: settings, devices, and pushes."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from rooms.privacy.batches import in_batches
from rooms.privacy.personal_data import Section

from ..models import PushDelivery, PushSubscription, delivery_settings_of


def collect_personal_data(sender: Any, user: User, **_signal: Any) -> list[Section]:
    return [
        Section("delivery_settings", _("How you are notified"), _settings(user)),
        Section("devices", _("Devices that show notifications"), _devices(user)),
        Section("pushes", _("Push messages to your devices"), _pushes(user)),
    ]


def _settings(user: User) -> dict:
    chosen = delivery_settings_of(user.pk)
    exceptions = chosen.exceptions.values_list("username", flat=True) if not chosen._state.adding else []
    return {
        "quiet_from": str(chosen.quiet_from or ""),
        "quiet_until": str(chosen.quiet_until or ""),
        "quiet_exceptions": ", ".join(exceptions),
        "push_content": chosen.push_content,
    }


def _devices(user: User) -> Iterator[dict]:
    for device in PushSubscription.objects.filter(user=user).order_by("pk"):
        yield {
            "name": device.name,
            "endpoint": device.endpoint,
            "language": device.language,
            "created": device.created,
            "last_used": device.last_used,
            "valid_until": device.ends,
        }


def _pushes(user: User) -> Iterator[dict]:
    for batch in in_batches(PushDelivery.objects.filter(user=user).select_related("subscription")):
        for each in batch:
            yield {"device": each.subscription.name, "created": each.created, "state": each.state}
