"""What each middleware that turns exceptions of views into pages has in common."""

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse


class ExceptionMiddleware:
    """Answers an exception of a view by `process_exception`, in threads and on the event loop alike."""

    sync_capable = async_capable = True

    def __init__(self, get_response):
        self._get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest):
        return self._get_response(request)  # in async mode this is a coroutine, which Django awaits

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """None leaves the exception to others."""
        raise NotImplementedError
