"""The way to an issuer and back: what is remembered of it is in the session of the browser that began it."""

import base64
import hashlib
import secrets
import time
from enum import StrEnum

from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ..issuers import github, metadata, oidc
from ..issuers.identity import Identity
from ..issuers.issuer import Issuer
from ..issuers.tokens import BadToken
from ..mail.links import absolute_url
from ..security import issuer_confirmation
from .provider import IssuerProvider

FRESH = 300  # seconds since somebody has signed in at the issuer, to confirm who they are


class Purpose(StrEnum):
    """LOGIN and CONNECT are allauth's words. CONFIRM: before something that concerns the account's security."""

    LOGIN = "login"
    CONNECT = "connect"
    CONFIRM = "confirm"


def begin(request: HttpRequest, issuer: Issuer, purpose: Purpose, next_url: str, invitation: str = "") -> str:
    """Where the browser goes. next_url: where it is led afterwards; checked. invitation: the secret
    of one to this server, for whoever has no account yet. Raises IssuerAway."""
    nonce, verifier, state = secrets.token_urlsafe(24), secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    if issuer.is_oidc:
        again = purpose == Purpose.CONFIRM
        address = oidc.address_of(issuer, callback_of(issuer), state, nonce, challenge, again)
    else:
        address = github.address_of(issuer, callback_of(issuer), state, challenge)
    provider = IssuerProvider(request, issuer.issuer, issuer)
    kept = {"nonce": nonce, "verifier": verifier, "key": issuer.key, "invitation": invitation}
    provider.stash_redirect_state(request, purpose.value, next_url, state_id=state, **kept)
    return address


def finish(request: HttpRequest, issuer: Issuer) -> HttpResponse:
    """What follows when the browser is back. Raises BadToken, IssuerAway, NotInvited, and PermissionDenied when it did
    not begin here, or somebody else has signed in there."""
    provider = IssuerProvider(request, issuer.issuer, issuer)
    state = provider.unstash_redirect_state(request, request.GET.get("state", ""))
    if state.get("key") != issuer.key:
        raise PermissionDenied
    # RFC 9207: an answer of one issuer is not taken for that of another.
    if issuer.is_oidc and request.GET.get("iss", metadata.of(issuer).issuer) != metadata.of(issuer).issuer:
        raise BadToken("the answer is of another issuer")
    code = request.GET.get("code", "")
    if not code:
        raise BadToken(f"there is no code ({request.GET.get('error', '')[:60]!r})")
    when = 0.0
    if issuer.is_oidc:
        identity, when = oidc.identify(issuer, code, callback_of(issuer), state["verifier"], state["nonce"])
    else:
        identity = github.identify(issuer, code, callback_of(issuer), state["verifier"])
    if state.get("process") == Purpose.CONFIRM:
        return _confirm(request, issuer, identity, when, state.get("next", ""))
    login: SocialLogin = provider.sociallogin_from_response(request, identity)
    login.state = {**state, "session": identity.session}
    with transaction.atomic():  # together with what the audit log says of it
        return complete_social_login(request, login)


def callback_of(issuer: Issuer) -> str:
    """Where the issuer sends browsers back to."""
    return absolute_url(reverse("sso_callback", args=[issuer.key]))


def _confirm(request: HttpRequest, issuer: Issuer, identity: Identity, when: float, next_url: str) -> HttpResponse:
    mine = SocialAccount.objects.filter(user=request.user.pk, provider=issuer.issuer, uid=identity.subject)
    if not request.user.is_authenticated or not mine.exists():
        raise PermissionDenied
    if when and when < time.time() - FRESH:
        raise BadToken("the person did not sign in there once more")
    return issuer_confirmation.confirm(request, next_url)
