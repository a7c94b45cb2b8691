"""The page for requests during which the database is unavailable: status 503 instead of 500, for every view."""

import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from common.middleware import ExceptionMiddleware
from rooms.kernel.db_executor import DATABASE_AWAY

logger = logging.getLogger(__name__)

RETRY_AFTER = 5  # seconds


class DatabaseUnavailableMiddleware(ExceptionMiddleware):
    """Handles exceptions of views, with one line in the log instead of Django's traceback for each request."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DATABASE_AWAY):
            return None
        logger.warning("a page cannot reach the database: %s", exception)
        return _unavailable(request)


def server_failed(request: HttpRequest) -> HttpResponse:
    """Django's handler500, which also gets exceptions of other middleware, such as those from saving a session."""
    return _unavailable(request) if isinstance(sys.exc_info()[1], DATABASE_AWAY) else server_error(request)


def _unavailable(request: HttpRequest) -> HttpResponse:
    # Rendered without the request, because context processors may query the database.
    page = render_to_string("503.html", {"sent": request.method not in ("GET", "HEAD")})
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER)})
