"""Checks and consumes one-time codes. Also the stage of the sign-in that asks for one."""

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.utils import decrypt
from django.core.cache import cache

from ..models import User

USED_CODE_SECONDS = 120  # longer than a TOTP code is valid, with its tolerance


def is_valid_code(name: str, code: str) -> bool:
    """Whether this code is valid now for the account of this name. It is not consumed. One query for any name."""
    found = Authenticator.objects.filter(user__username__iexact=name, user__is_active=True)
    return any(_matches(authenticator, code.strip()) for authenticator in found)


def consume_code(user: User, code: str) -> Authenticator | None:
    """The authenticator of this code, which cannot be used again. None if it is wrong or was used before."""
    for authenticator in Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN):
        if authenticator.wrap().validate_code(code):
            return authenticator if mark_used(user, code) else None
    return None


def mark_used(user: User, code: str) -> bool:
    """Mark a code as used. Returns False if it was already. (allauth before 65.22 forgets used codes too early.)"""
    return cache.add(f"code-used:{user.pk}:{code.strip()[:32]}", True, USED_CODE_SECONDS)


class CodeStage(AuthenticateStage):
    """allauth's stage that asks for a code, skipped when a valid one was submitted with the password."""

    def handle(self) -> tuple:
        """Asks for no code when a valid one came with the password."""
        code = getattr(self.request, "submitted_code", "")
        if code and self.login.user and (authenticator := consume_code(self.login.user, code)):
            post_authentication(self.request, authenticator)
            return None, True
        return super().handle()


def _matches(authenticator: Authenticator, code: str) -> bool:
    if authenticator.type == Authenticator.Type.TOTP:
        return validate_totp_code(decrypt(authenticator.data["secret"]), code)
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return code in RecoveryCodes(authenticator).get_unused_codes()
    return False
