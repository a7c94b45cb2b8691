"""Whether people sign in by an issuer only (SSO_ONLY)."""

from django.conf import settings

from ..models import User
from ..roles import ServerRole
from .configured import all_issuers


def is_only() -> bool:
    """Where no issuer is set up, passwords work: nobody is locked out by half a configuration."""
    return settings.SSO_ONLY and bool(all_issuers())


def may_use_password(user: User) -> bool:
    """Owners may always: somebody has to get in while the issuer is down. `ownerlink --recover` makes one."""
    return not is_only() or user.role == ServerRole.OWNER
