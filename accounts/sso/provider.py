"""An issuer as allauth's flows see it (signing up, in, and connecting): they get an Identity, and keep little of it."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.base import Provider, ProviderAccount
from django.http import HttpRequest

from ..issuers.identity import Identity
from ..issuers.issuer import Issuer


class IssuerProvider(Provider):
    """issuer: None for one that this server no longer knows, of which accounts are still connected."""

    id = "sso"
    uses_apps = False
    account_class = ProviderAccount

    def __init__(self, request: HttpRequest, address: str, issuer: Issuer | None):
        super().__init__(request)
        self.address, self.issuer = address, issuer
        self.name = issuer.title if issuer else urlsplit(address).hostname or address

    @property
    def sub_id(self) -> str:
        """What accounts are stored with: a subject belongs to the issuer that named it, whatever its key is."""
        return self.address

    def serialize(self) -> dict[str, Any]:
        return {"id": self.address}

    def extract_uid(self, data: Identity) -> str:
        return data.subject

    def extract_extra_data(self, data: Identity) -> dict:
        return {"label": data.label}

    def extract_common_fields(self, data: Identity) -> dict:
        return {"email": data.address, "email_verified": True, "username": data.handle, "name": data.name}

    def extract_email_addresses(self, data: Identity) -> list[EmailAddress]:
        return [EmailAddress(email=data.address, verified=True, primary=True)] if data.address else []
