"""Tells the browser that somebody signed out or deleted their account, whichever way: what it keeps of them is then
removed by a script of the page that follows (static/js/gone.js).
"""

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

COOKIE = "gone"
_MAX_AGE = 24 * 3600


@receiver(user_logged_out)
def _remember(sender, request: HttpRequest | None, user, **kwargs) -> None:
    if request is not None and user is not None:
        request.gone_user_id = user.pk  # type: ignore[attr-defined]


@sync_and_async_middleware
def leaving_middleware(get_response):
    if iscoroutinefunction(get_response):

        async def async_middleware(request: HttpRequest) -> HttpResponse:
            return _tell(request, await get_response(request))

        return async_middleware

    def sync_middleware(request: HttpRequest) -> HttpResponse:
        return _tell(request, get_response(request))

    return sync_middleware


def _tell(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Scripts read this cookie, and remove it."""
    gone = getattr(request, "gone_user_id", None)
    if gone is not None:
        response.set_cookie(COOKIE, str(gone), max_age=_MAX_AGE, samesite="Lax", secure=settings.HTTPS)
    return response
