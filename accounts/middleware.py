"""The response when too many passwords wait to be hashed."""

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .security.password_hashing import HasherBusy


class HasherBusyMiddleware:
    """Turns password_hashing.HasherBusy into a page with status 503 and a Retry-After header."""

    sync_capable = async_capable = True

    def __init__(self, get_response):
        self._get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest):
        return self._get_response(request)  # in async mode this is a coroutine, which Django awaits

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, HasherBusy):
            return None
        response = render(request, "account/busy.html", status=503)
        response["Retry-After"] = str(HasherBusy.retry_after)
        return response
