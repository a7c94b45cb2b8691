"""Steps of an erasure: devices, and when and how the person is notified."""

from rooms.models import Erasure
from rooms.privacy import erasure_steps

from ..models import DeliverySettings, PushSubscription
from ..push import devices


def connect() -> None:
    """Called once, when the app is ready."""
    erasure_steps.prepend_steps(forget_devices, forget_delivery_settings)


def forget_devices(erasure: Erasure) -> bool:
    """With the pushes sent to them."""
    devices.forget(PushSubscription.objects.filter(user=erasure.user_id))
    return False


def forget_delivery_settings(erasure: Erasure) -> bool:
    """With the exceptions that other people made for this person."""
    DeliverySettings.exceptions.through.objects.filter(user_id=erasure.user_id).delete()
    DeliverySettings.objects.filter(pk=erasure.user_id).delete()
    return False
