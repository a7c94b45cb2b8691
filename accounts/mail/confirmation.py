"""Confirms e-mail addresses: a link is sent to each, and opening it proves that the address is the person's own."""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import (
    send_verification_email_at_login,
    send_verification_email_to_address,
)
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from ..models import InvitationUse, RefusedAddress, User


def confirmed_address(user: User) -> str:
    """The confirmed address of this account, or an empty text."""
    found = EmailAddress.objects.filter(user=user, email=user.email, verified=True)
    return user.email if user.email and found.exists() else ""


def reachable(people: QuerySet[User]) -> QuerySet[User]:
    """Those of them who may be sent mail they did not ask for: their address is confirmed and was not refused."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)
    refused = RefusedAddress.objects.filter(email=OuterRef("email"))
    return people.exclude(email="").filter(Exists(confirmed), ~Exists(refused))


def is_unconfirmed(user: User) -> bool:
    """Whether they have an address that is not confirmed, and this server can send mail to confirm it."""
    return bool(settings.EMAIL_HOST and user.email and not confirmed_address(user))


def send_confirmation(request: HttpRequest, user: User) -> bool:
    """Send the link. Returns False when one was sent a short time ago. Raises sending.MailNotSent."""
    address, _made = EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})
    return address.verified or send_verification_email_to_address(request, address)


def is_day_full(request: HttpRequest, user: User) -> bool:
    """Whether no more links are sent to this address today, however long one waits between them."""
    rates = ratelimit.parse_rates((settings.ACCOUNT_RATE_LIMITS or {}).get("confirm_email", ""))
    longest = max(rates, key=lambda rate: rate.duration, default=None)
    if longest is None:
        return False
    which = {"app": "allauth.account", "action": "confirm_email", "key": user.email.lower()}
    sent = cache.get(ratelimit.get_cache_key(request, rate=longest, **which), [])
    return not ratelimit.apply_rate(sent, time.time(), longest, dry_run=True)[0]


class ConfirmationStage(EmailVerificationStage):
    """allauth's stage of signing in that sends the link after signing up.

    With SIGNUP_CONFIRMATION=required, only people with a confirmed address pass, and those who have signed in before:
    changing the setting locks nobody out.
    """

    def handle(self) -> tuple:
        """A sign-in waits for a confirmation only where mails can be sent, and where the account needs one."""
        user = self.login.user
        if not settings.EMAIL_HOST or not user:
            return None, True
        if self._has_to_confirm(user):
            send_verification_email_at_login(self.request, self.login)
            return get_adapter().respond_email_verification_sent(self.request, user), True
        return super().handle()

    def _has_to_confirm(self, user: User) -> bool:
        required = settings.SIGNUP_CONFIRMATION == "required" and not user.is_staff
        if user.last_login or not (required or _came_for_their_address(user)):
            return False
        return bool(user.email) and not confirmed_address(user)


def _came_for_their_address(user: User) -> bool:
    """Whether an invitation let them in because of where their address is."""
    return InvitationUse.objects.filter(user=user, new_account=True).exclude(invitation__domain="").exists()
