"""Headers that every page of ours carries beside Django's own and the content security policy."""

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

# What no page here uses, so that nothing that gets into one can. Only names that browsers know: others are warned of.
_UNUSED = (
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid"),
    *("magnetometer", "microphone", "midi", "payment", "serial", "usb"),
)
PERMISSIONS_POLICY = ", ".join(f"{name}=()" for name in _UNUSED)
# Django's admin comes with a jQuery that makes elements from strings.
WITHOUT_TRUSTED_TYPES = "/admin/"


@sync_and_async_middleware
def headers_middleware(get_response):
    """Within csp's middleware, which reads what is set for it here."""
    if iscoroutinefunction(get_response):

        async def answer(request: HttpRequest) -> HttpResponse:
            return _with_headers(request, await get_response(request))

        return answer

    def answer_at_once(request: HttpRequest) -> HttpResponse:
        return _with_headers(request, get_response(request))

    return answer_at_once


def _with_headers(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    # Nothing that the application answers is meant for anybody else: no proxy and no disk keeps it, and after signing
    # out the way back leads to no page of before. (Static files are answered elsewhere.)
    response.headers.setdefault("Cache-Control", "private, no-store")
    response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
    if request.path.startswith(WITHOUT_TRUSTED_TYPES):
        # What django-csp looks for.
        response._csp_replace = {"require-trusted-types-for": None, "trusted-types": None}  # type: ignore[attr-defined]
    return response
