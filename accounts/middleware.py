"""Answers when passwords wait too long to be hashed."""

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .security.password_hashing import Busy


class BusyMiddleware:
    """Turns password_hashing.Busy into a page with status 503 and the time to come back."""

    sync_capable = async_capable = True

    def __init__(self, get_response):
        self._get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest):
        return self._get_response(request)  # in both modes: of a coroutine function it is the coroutine

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Busy):
            return None
        response = render(request, "account/busy.html", status=503)
        response["Retry-After"] = str(Busy.retry_after)
        return response
