"""Sessions that began by an issuer: how long they last, and how the issuer ends them (Back-Channel Logout 1.0)."""

import hashlib
from datetime import timedelta

from allauth.account.signals import user_logged_in
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from ..issuers import tokens
from ..issuers.issuer import Issuer
from ..issuers.tokens import BadToken
from ..models import IssuerSession, SignedInSession, User
from ..security.session_store import SessionStore

_MARK = "sso"  # in the session: its key may change, what it holds stays


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: User, sociallogin: SocialLogin | None = None, **kwargs) -> None:
    if sociallogin is None or sociallogin.provider.issuer is None:
        return
    issuer, sid = sociallogin.provider.issuer, sociallogin.state.get("session", "")
    request.session[_MARK] = {"issuer": issuer.issuer, "sid": sid}
    if issuer.hours:  # a time rather than a duration, which each change of the session would begin anew
        request.session.set_expiry(timezone.now() + timedelta(hours=issuer.hours))
    row = {"user": user, "issuer": issuer.issuer, "sid": sid}
    IssuerSession.objects.update_or_create(session_key=request.session.session_key, defaults=row)


def end_by_issuer(issuer: Issuer, token: object) -> int:
    """End what a logout token names: one session of the issuer, or all of a person. Returns how many ended here.

    A token counts once. Raises BadToken, and IssuerAway when the keys cannot be had.
    """
    claims = tokens.check_logout_token(issuer, token)
    used = hashlib.sha256(f"{issuer.issuer} {claims['jti']}".encode()).hexdigest()
    if not cache.add(f"sso-logout:{used}", True, 2 * (tokens.LOGOUT_SECONDS + tokens.LEEWAY)):
        raise BadToken("it has been used")
    sid = claims.get("sid", "")
    people = _people(issuer, claims.get("sub", ""), sid)
    with transaction.atomic():
        return sum(_end(user_id, issuer, sid) for user_id in sorted(people))


def _people(issuer: Issuer, subject: str, sid: str) -> set[int]:
    if subject:
        found = SocialAccount.objects.filter(provider=issuer.issuer, uid=subject[: tokens.MAX_SUBJECT])
    else:
        found = IssuerSession.objects.filter(issuer=issuer.issuer, sid=sid[:255])
    return set(found.values_list("user_id", flat=True))


def _end(user_id: int, issuer: Issuer, sid: str) -> int:
    """Deleted one by one, each session tells its sockets (security/access_revocation.py)."""
    ended = 0
    rows = (IssuerSession.objects.filter(user=user_id), SignedInSession.objects.filter(user=user_id))
    keys = {key for found in rows for key in found.values_list("session_key", flat=True)}
    for session in Session.objects.filter(session_key__in=keys):
        mark = SessionStore().decode(session.session_data).get(_MARK) or {}
        if mark.get("issuer") == issuer.issuer and sid in ("", mark.get("sid")):
            session.delete()
            ended += 1
    return ended
