"""How people are reached who are away, where Django looks for it. Everybody imports from here."""

from .push import DeliveryState, PushDelivery, PushSubscription
from .settings import DeliverySettings, delivery_settings_of

__all__ = ["DeliverySettings", "DeliveryState", "PushDelivery", "PushSubscription", "delivery_settings_of"]
