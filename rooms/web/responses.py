"""Helpers for many pages: answers for pages not found and refused, the reader, and the reader's time zone."""

from datetime import tzinfo

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from accounts.models import User
from accounts.security import authentication, second_factor
from accounts.time_zones import find_time_zone

from ..kernel.errors import ChatError


def get_time_zone(request) -> tzinfo:
    """The time zone from the browser's cookie, so that days begin at the reader's midnight."""
    return find_time_zone(request.COOKIES.get("zone", "")) or timezone.get_default_timezone()


def reader_of(request: HttpRequest) -> User | None:
    """The user of the token (API clients), or else of the session. Any Authorization header rules the session out."""
    secret = authentication.parse_bearer(request.headers.get("Authorization"))
    if secret is not None:
        try:
            return authentication.get_token_user(secret)
        except second_factor.SecondFactorNeeded:
            return None
    return request.user if request.user.is_authenticated else None


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """For addresses that programs use as well: 401 for those that sent a token, the sign-in page for browsers."""
    if "Authorization" in request.headers:
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return redirect_to_login(request.get_full_path())


def render_not_found(request, sentence: str = ""):
    """The same page for what does not exist and for what the reader may not see."""
    return render(request, "404.html", {"sentence": sentence}, status=404)


def render_refusal(request, error: ChatError):
    """A page with the error's text: 429 when the reader was rate-limited, and 404 for every other error."""
    if error.code != "rate_limited":
        return render_not_found(request, error.message)
    response = render(request, "rooms/refused.html", {"sentence": error.message}, status=error.status)
    response["Retry-After"] = str(max(1, round(error.retry_after or 0)))
    return response
