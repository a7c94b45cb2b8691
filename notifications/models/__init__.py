"""How people are reached who are away, where Django looks for it. Everybody imports from here."""

from .mail import Digest, DigestItem, DigestState, MailSettings, mail_settings_of
from .push import DeliveryState, PushDelivery, PushSubscription
from .settings import DeliverySettings, delivery_settings_of

__all__ = [
    "DeliverySettings",
    "DeliveryState",
    "Digest",
    "DigestItem",
    "DigestState",
    "MailSettings",
    "PushDelivery",
    "PushSubscription",
    "delivery_settings_of",
    "mail_settings_of",
]
