"""Each request: its language and time format are those of the person; too many passwords that wait to be hashed."""

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.decorators import sync_and_async_middleware

from common.middleware import ExceptionMiddleware

from . import time_formats
from .preferences import Preferences, preferences_of
from .security.password_hashing import HasherBusy


@sync_and_async_middleware
def preferences_middleware(get_response):
    """What somebody chose for their account wins over what their browser asks for."""
    if iscoroutinefunction(get_response):

        async def async_middleware(request: HttpRequest) -> HttpResponse:
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                await sync_to_async(_apply)(request)
            else:
                time_formats.activate(time_formats.of_browser(request.headers.get("Accept-Language", "")))
            return await get_response(request)

        return async_middleware

    def sync_middleware(request: HttpRequest) -> HttpResponse:
        _apply(request)
        return get_response(request)

    return sync_middleware


def _apply(request: HttpRequest) -> None:
    try:
        chosen = preferences_of(request.user)
    except (InterfaceError, OperationalError):  # the view finds that out as well, and answers 503
        chosen = Preferences()
    time_formats.activate(chosen.time_format or time_formats.of_browser(request.headers.get("Accept-Language", "")))
    if chosen.language:
        translation.activate(chosen.language)
        request.LANGUAGE_CODE = chosen.language


class HasherBusyMiddleware(ExceptionMiddleware):
    """Turns password_hashing.HasherBusy into a page with status 503 and a Retry-After header."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, HasherBusy):
            return None
        response = render(request, "account/busy.html", status=503)
        response["Retry-After"] = str(HasherBusy.retry_after)
        return response
