"""Response headers besides Django's own and the content security policy."""

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

# Features that no page uses, so that injected code cannot use them. Browsers warn of names that they do not know.
_UNUSED_FEATURES = (
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid"),
    *("magnetometer", "midi", "payment", "serial", "usb"),
)
# For voice messages: our own pages may ask for it, nothing that they embed.
PERMISSIONS_POLICY = ", ".join([*(f"{name}=()" for name in _UNUSED_FEATURES), "microphone=(self)"])
# The jQuery of Django's admin creates elements from strings.
WITHOUT_TRUSTED_TYPES = "/admin/"


@sync_and_async_middleware
def headers_middleware(get_response):
    """Sets the headers. Must come after CSPMiddleware, which reads the `_csp_replace` that is set here."""
    if iscoroutinefunction(get_response):

        async def async_middleware(request: HttpRequest) -> HttpResponse:
            return _with_headers(request, await get_response(request))

        return async_middleware

    def sync_middleware(request: HttpRequest) -> HttpResponse:
        return _with_headers(request, get_response(request))

    return sync_middleware


def _with_headers(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    # Every response is for one user: no proxy and no disk may keep it, and after signing out the Back button shows
    # nothing. (Static files are served elsewhere.)
    response.headers.setdefault("Cache-Control", "private, no-store")
    response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
    if request.path.startswith(WITHOUT_TRUSTED_TYPES):
        # Read by django-csp.
        response._csp_replace = {"require-trusted-types-for": None, "trusted-types": None}  # type: ignore[attr-defined]
    return response
