"""How often a password or a code may be guessed: by address block, by account, and by device that signed in before.

Strangers' failures are counted for the account that they name and for their block. A device on which the account has
signed in before, and a session of it, have counts of their own, so that no stranger locks anybody out there; neither
does one who gives a code of the second factor that is right. The rates are in settings.ACCOUNT_RATE_LIMITS, the counts
in Django's cache.
"""

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage as Usage
from django.http import HttpRequest

from ..models import User
from ..usernames import same_account
from . import known_devices, password_hashing, two_factor_codes
from .authentication import session_digest


class TooManyAttempts(Exception):
    """by_block: it is the address block that has tried too often, for whichever account."""

    def __init__(self, by_block: bool = False):
        super().__init__()
        self.by_block = by_block


def begin_password(request: HttpRequest, name: str, code: str = "") -> Usage:
    """Count a password that is given for this name, before it is looked at; `.rollback()` the answer when it is right.

    code: of the second factor, where one was given beside the password. Raises TooManyAttempts. Names that nobody has
    are treated like all others.
    """
    account = same_account(name)
    own = _own_key(request, User.objects.filter(username__iexact=account).first())
    with_code = bool(code) and two_factor_codes.is_right(account, code)
    password_hashing.goes_first.set(bool(own) or with_code)
    usage = own and _consume(request, "known_device", own) and _consume(request, "known_device_failed", own)
    if not usage and with_code:
        usage = _consume(request, "sign_in_with_code", account)
    elif not usage:
        if not _consume(request, "sign_in"):
            raise TooManyAttempts(by_block=True)
        usage = _consume(request, "sign_in_failed", account)
    if not usage:
        raise TooManyAttempts
    return usage


def begin_code(request: HttpRequest, user: User) -> Usage:
    """The same for a code of the second factor, which is asked for once the password was right."""
    own = _own_key(request, user)
    usage = own and _consume(request, "known_device_failed", f"code:{own}")
    usage = usage or _consume(request, "code_failed", str(user.pk))
    if not usage:
        raise TooManyAttempts
    return usage


def _own_key(request: HttpRequest, user: User | None) -> str | None:
    """What counts for this person's session or device alone; None for a stranger's."""
    if user is None:
        return None
    if request.user.pk == user.pk and (session := request.session.session_key):
        return f"session:{session_digest(session)}"
    device = known_devices.device_of(request, user)
    return f"device:{device}" if device else None


def _consume(request: HttpRequest, action: str, key: str | None = None) -> Usage | None:
    return ratelimit.consume(request, app="allauth.account", action=action, key=key)
