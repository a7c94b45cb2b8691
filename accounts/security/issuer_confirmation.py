"""Somebody confirms who they are by signing in at their issuer once more, which is as good as a password here."""

import time
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import resume_request
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

_KEY = "sso_confirmed"


def confirm(request: HttpRequest, next_url: str) -> HttpResponse:
    """Remember it, and go on with what it was asked for. next_url: as it was remembered, checked."""
    request.session[_KEY] = {"user": request.user.pk, "at": time.time()}
    request.GET = QueryDict(urlencode({"next": next_url}) if next_url else "")  # where allauth looks for it
    return resume_request(request) or redirect(settings.LOGIN_REDIRECT_URL)


def is_recent(request: HttpRequest) -> bool:
    """Whether it was within the last five minutes, as for a password."""
    if not request.user.is_authenticated:
        return False
    found = request.session.get(_KEY)
    if not isinstance(found, dict) or found.get("user") != request.user.pk:
        return False
    return time.time() - found["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
