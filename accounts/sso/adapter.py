"""Roundtable's policies for allauth's social accounts: who may come by an issuer, and to which account."""

import logging
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from site_settings import current

from ..issuers.configured import find_by_address
from ..models import User
from ..reserved_names import taking
from . import names
from .invitations import invitation_followed
from .provider import IssuerProvider

logger = logging.getLogger(__name__)


class SocialAdapter(DefaultSocialAccountAdapter):
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": _("It is the only way into your account. Set a password first, or connect another account."),
    }

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> IssuerProvider:
        """provider: an issuer's address, as accounts are stored with it."""
        return IssuerProvider(request, provider, find_by_address(provider))

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list:
        """Issuers are no rows of allauth."""
        return []

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("connections")

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Whoever may not come gets a page that says why, and what to do."""
        issuer, address = sociallogin.provider.issuer, _address(sociallogin)
        sociallogin.token = None  # it would be kept in the session
        if issuer is None:
            _refuse(request, sociallogin, _("This server no longer knows this way to sign in."))
        if not issuer.admits(address):
            domains = ", ".join(issuer.domains)
            words = _("Only people with a verified address at %(domains)s may come by it.") % {"domains": domains}
            _refuse(request, sociallogin, words)
        if not sociallogin.is_existing and sociallogin.state.get("process") == "login" and _is_taken(address):
            words = _(
                "Somebody here has the address %(address)s already. If it is you, sign in as you did before, and then "
                "connect your account with %(issuer)s in your settings."
            ) % {"address": address, "issuer": issuer.title}
            _refuse(request, sociallogin, words)

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account here with the same address: only of an issuer that is trusted for it, and one that its owner
        has confirmed here. Never that of an owner of this server, and not while somebody connects theirs."""
        issuer, address = sociallogin.provider.issuer, _address(sociallogin)
        if not (issuer and issuer.trust_addresses and address) or not issuer.admits(address):
            return None
        if sociallogin.state.get("process") != "login":
            return None
        people = User.objects.filter(email=address, is_bot=False, is_superuser=False)
        confirmed = EmailAddress.objects.filter(email=address, verified=True, user__in=people)
        found = list(confirmed.select_related("user")[:2])
        return (found[0].user, address) if len(found) == 1 else None

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        issuer = sociallogin.provider.issuer
        if issuer is None or issuer.sign_up == "never":
            return False
        if sociallogin.state.get("invitation"):  # `save_user` takes the account back if it lets nobody in
            return True
        return issuer.sign_up == "always" or current.flag("OPEN_SIGNUP")

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict) -> User:
        """The names are chosen when the account is made."""
        user = sociallogin.user
        user.email = data.get("email") or ""
        sociallogin.suggested = data.get("username") or "", data.get("name") or ""
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """With the first name that is free. The first page that a new account sees welcomes it. Raises NotInvited."""
        user, (handle, name) = sociallogin.user, sociallogin.suggested
        user.preferences = {"welcome": True}
        user.set_unusable_password()
        for candidate in names.candidates(handle, name):
            try:
                user.username = get_account_adapter(request).clean_username(candidate)
                user.display_name = names.display_name(name, user)
                with transaction.atomic(), taking(candidate):
                    sociallogin.save(request)
            except (ValidationError, IntegrityError):  # taken, perhaps a moment ago
                user.pk = user.id = None
                user._state.adding = True
                continue
            break
        if secret := sociallogin.state.get("invitation"):
            for _receiver, path in invitation_followed.send(type(self), user=user, secret=secret):
                sociallogin.state["next"] = path
        return user

    def validate_disconnect(self, account: Any, accounts: Any) -> None:
        """allauth looks whether another way in is left."""


def refuse(request: HttpRequest, sentence: str | Promise, status: int = 403) -> Any:
    """The page that says why somebody cannot come in."""
    return render(request, "sso/refused.html", {"sentence": sentence}, status=status)


def _refuse(request: HttpRequest, sociallogin: SocialLogin, sentence: str | Promise) -> None:
    raise ImmediateHttpResponse(refuse(request, sentence))


def _address(sociallogin: SocialLogin) -> str:
    """Verified; "": there is none."""
    return next((each.email for each in sociallogin.email_addresses if each.verified), "")


def _is_taken(address: str) -> bool:
    return bool(address) and (
        User.objects.filter(email=address).exists() or EmailAddress.objects.filter(email=address).exists()
    )
