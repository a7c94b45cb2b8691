"""Passkeys: keys that a device or a password manager keeps for this site, in place of a password or after one.

allauth registers and checks them (allauth.mfa.webauthn). Here is for which site they are: always that of SITE_URL,
whatever the request names, so that no proxy and no second name of the server makes keys that are lost with it.
"""

import ipaddress
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from site_settings import current

from ..device_names import name_of
from ..models import User

MOST = 20  # passkeys of a person


def relying_party() -> str:
    """The name of the host for which keys are made ("chat.example.org"); empty where browsers make none: they want a
    name, no number, and https or this very machine (`localhost`)."""
    site = urlsplit(settings.SITE_URL)
    host = site.hostname or ""
    if _is_number(host) or (site.scheme != "https" and host != "localhost" and not host.endswith(".localhost")):
        return ""
    return host


def origin() -> str:
    """The only origin whose pages may ask for a key. The specification would let all names below the host do so, those
    of files that people send among them."""
    return settings.SITE_URL


def is_full(user: User) -> bool:
    """Whether somebody has as many as they may."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count() >= MOST


class MFAAdapter(DefaultMFAAdapter):
    """What allauth asks of the site, and how a new key is called before its owner names it."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site, as browsers show and check it."""
        return {"id": relying_party(), "name": current.text("SERVER_NAME")}

    def get_public_key_credential_user_entity(self, user: User) -> dict:
        """Whose key it is. The id is in the key, and finds the account when it signs in."""
        return super().get_public_key_credential_user_entity(user) | {
            "display_name": user.shown_name,
            "name": user.username,
        }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """The browser in which it is made: "Firefox on Linux"."""
        return name_of(context.request.headers.get("User-Agent", ""))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
