"""The page that says that the database is away, instead of "the server made a mistake"; status 503, for every view."""

import logging
import sys

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from rooms.kernel.db_executor import DATABASE_AWAY

logger = logging.getLogger(__name__)

RETRY_AFTER = 5  # seconds


class UnavailableMiddleware:
    """For what views raise: a warning of one line in the log, where Django would write a traceback for each request."""

    sync_capable = async_capable = True

    def __init__(self, get_response):
        self._get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest):
        return self._get_response(request)  # in both modes: of a coroutine function it is the coroutine

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DATABASE_AWAY):
            return None
        logger.warning("a page cannot reach the database: %s", exception)
        return _unavailable(request)


def server_failed(request: HttpRequest) -> HttpResponse:
    """Django's handler500, which also hears of what other middleware raises: saving a session, say."""
    return _unavailable(request) if isinstance(sys.exc_info()[1], DATABASE_AWAY) else server_error(request)


def _unavailable(request: HttpRequest) -> HttpResponse:
    # Without the request: context processors may ask the database.
    page = render_to_string("503.html", {"sent": request.method not in ("GET", "HEAD")})
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER)})
