"""Leads whoever must set up a second factor to the page for it, from any other."""

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import sync_and_async_middleware

from .security import second_factor

# What they may still do: set one up, confirm who they are, sign out. The API refuses by itself, in its own form.
_OPEN = (
    "/accounts/2fa/",
    "/accounts/reauthenticate/",
    "/accounts/sso/confirm/",
    "/accounts/sso/with/",
    "/accounts/logout/",
    "/api/",
    "/sw.js",
    "/manifest.webmanifest",
)


@sync_and_async_middleware
def second_factor_middleware(get_response):
    """After AuthenticationMiddleware."""
    if iscoroutinefunction(get_response):

        async def async_middleware(request: HttpRequest) -> HttpResponse:
            if _may_be_refused(request) and await sync_to_async(_is_overdue)(request):
                return redirect("mfa_index")
            return await get_response(request)

        return async_middleware

    def sync_middleware(request: HttpRequest) -> HttpResponse:
        if _may_be_refused(request) and _is_overdue(request):
            return redirect("mfa_index")
        return get_response(request)

    return sync_middleware


def _may_be_refused(request: HttpRequest) -> bool:
    if not second_factor.is_wanted() or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    known = getattr(request, "_cached_user", None)  # another middleware has asked for who it is
    return not request.path.startswith(_OPEN) and (known is None or second_factor.is_late(known))


def _is_overdue(request: HttpRequest) -> bool:
    return request.user.is_authenticated and second_factor.is_overdue(request.user)
