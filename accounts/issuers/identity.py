"""Who somebody is, as an issuer says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MAX_GROUPS = 500
_MAX_TEXT = 255


@dataclass(frozen=True, slots=True)
class Identity:
    """issuer and subject: together they name an account for good. address: one that the issuer has verified, or "".

    handle: what to make a user name of. session: the issuer's name for its own session, or "".
    """

    issuer: str
    subject: str
    address: str = ""
    handle: str = ""
    name: str = ""
    session: str = ""

    @property
    def label(self) -> str:
        """By which a person recognises it."""
        return self.address or self.handle or self.name or self.subject


def from_claims(claims: Mapping[str, Any], userinfo: Mapping[str, Any]) -> Identity:
    """claims: of the ID token, which is signed. userinfo: of the same person, for what is missing there."""

    def text(name: str) -> str:
        found = claims.get(name) or userinfo.get(name)
        return found[:_MAX_TEXT] if isinstance(found, str) and found.isprintable() else ""

    # An address and whether it is verified, from the same place.
    place = claims if claims.get("email") else userinfo
    verified = place.get("email_verified")
    address = checked_address(place.get("email")) if verified is True or verified == "true" else ""
    handle = text("preferred_username") or text("nickname") or address
    return Identity(claims["iss"], claims["sub"], address, handle, text("name"), text("sid"))


def checked_address(found: Any) -> str:
    """The address in lower case; "" for what is none."""
    if not isinstance(found, str):
        return ""
    try:
        validate_email(found)
    except ValidationError:
        return ""
    return found.strip().lower()
