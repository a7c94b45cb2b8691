"""Codes of the second factor: whether one is right, and using it up. Also the stage of signing in that asks for one."""

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.utils import decrypt
from django.core.cache import cache

from ..models import User

REMEMBERED = 120  # seconds; longer than a code of an app is valid with its tolerance


def is_right(name: str, code: str) -> bool:
    """Whether this is a code of that account's second factor now. Nothing is used up. One query, whoever it is."""
    found = Authenticator.objects.filter(user__username__iexact=name, user__is_active=True)
    return any(_matches(authenticator, code.strip()) for authenticator in found)


def use_up(user: User, code: str) -> Authenticator | None:
    """The authenticator that this code belongs to; the code opens nothing any more. None when it is wrong or used."""
    for authenticator in Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN):
        if authenticator.wrap().validate_code(code):
            return authenticator if first_use(user, code) else None
    return None


def first_use(user: User, code: str) -> bool:
    """Whether this code was not given before. Releases of allauth before 65.22 forgot it too early."""
    return cache.add(f"code-used:{user.pk}:{code.strip()[:32]}", True, REMEMBERED)


class CodeStage(AuthenticateStage):
    """allauth's, which asks for a code; not of those who have given one together with their password."""

    def handle(self) -> tuple:
        code = getattr(self.request, "code_given", "")
        if code and self.login.user and (authenticator := use_up(self.login.user, code)):
            post_authentication(self.request, authenticator)
            return None, True
        return super().handle()


def _matches(authenticator: Authenticator, code: str) -> bool:
    if authenticator.type == Authenticator.Type.TOTP:
        return validate_totp_code(decrypt(authenticator.data["secret"]), code)
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return code in RecoveryCodes(authenticator).get_unused_codes()
    return False
