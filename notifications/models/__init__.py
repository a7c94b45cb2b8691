"""The models of this app, where Django looks for them. Other packages import them from here."""

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
