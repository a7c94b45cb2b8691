"""Limits for guessing passwords and one-time codes: per address block, per account and per known device.

Failures of strangers are counted for the account that they name and for their address block. A session of the account
and a device on which it has signed in before have counters of their own, and so does an attempt with a valid one-time
code: no stranger can lock out the owner. The rates are in settings.ACCOUNT_RATE_LIMITS, the counters in Django's cache.
"""

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage as Usage
from django.http import HttpRequest

from ..models import User
from ..usernames import canonical_username
from . import known_devices, password_hashing, two_factor_codes
from .authentication import session_digest


class TooManyAttempts(Exception):
    """by_block: the limit of the address block was reached, over all accounts."""

    def __init__(self, by_block: bool = False):
        super().__init__()
        self.by_block = by_block


def count_password_attempt(request: HttpRequest, name: str, code: str = "") -> Usage:
    """Count an attempt to sign in, before the password is checked. Call `.rollback()` on the result when it is right.

    code: a one-time code, if one was given with the password. Raises TooManyAttempts. Names without an account are
    counted like all others.
    """
    account = canonical_username(name)
    known = _session_or_device_key(request, User.objects.filter(username__iexact=account).first())
    with_code = bool(code) and two_factor_codes.is_valid_code(account, code)
    password_hashing.has_priority.set(bool(known) or with_code)
    usage = known and _consume(request, "known_device", known) and _consume(request, "known_device_failed", known)
    if not usage and with_code:
        usage = _consume(request, "sign_in_with_code", account)
    elif not usage:
        if not _consume(request, "sign_in"):
            raise TooManyAttempts(by_block=True)
        usage = _consume(request, "sign_in_failed", account)
    if not usage:
        raise TooManyAttempts
    return usage


def count_code_attempt(request: HttpRequest, user: User) -> Usage:
    """The same for a one-time code, which is asked for after the right password."""
    known = _session_or_device_key(request, user)
    usage = known and _consume(request, "known_device_failed", f"code:{known}")
    usage = usage or _consume(request, "code_failed", str(user.pk))
    if not usage:
        raise TooManyAttempts
    return usage


def _session_or_device_key(request: HttpRequest, user: User | None) -> str | None:
    """The key of the counter of this user's session or known device; None for a stranger."""
    if user is None:
        return None
    if request.user.pk == user.pk and (session := request.session.session_key):
        return f"session:{session_digest(session)}"
    device = known_devices.find_device(request, user)
    return f"device:{device}" if device else None


def _consume(request: HttpRequest, action: str, key: str | None = None) -> Usage | None:
    return ratelimit.consume(request, app="allauth.account", action=action, key=key)
