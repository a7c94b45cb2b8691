"""Steps of an erasure: what is kept of a person to reach them goes."""

from rooms.models import Erasure
from rooms.privacy import erasure_steps

from ..models import DeliverySettings, PushSubscription


def connect() -> None:
    erasure_steps.prepend_steps(forget_devices, forget_delivery_settings)


def forget_devices(erasure: Erasure) -> bool:
    """With what was sent to them."""
    PushSubscription.objects.filter(user=erasure.user_id).delete()
    return False


def forget_delivery_settings(erasure: Erasure) -> bool:
    """Also where others have named this person as an exception."""
    DeliverySettings.exceptions.through.objects.filter(user_id=erasure.user_id).delete()
    DeliverySettings.objects.filter(pk=erasure.user_id).delete()
    return False
