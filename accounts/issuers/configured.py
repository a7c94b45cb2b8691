"""Which issuers this server knows."""

from django.conf import settings

from .issuer import Issuer


def all_issuers() -> list[Issuer]:
    """In the order of their buttons."""
    return list(settings.SSO_PROVIDERS)


def find_by_key(key: str) -> Issuer | None:
    return next((each for each in all_issuers() if each.key == key), None)


def find_by_address(address: str) -> Issuer | None:
    """address: as accounts are stored with it, see `flow.IssuerProvider.sub_id`."""
    return next((each for each in all_issuers() if each.issuer == address), None)
