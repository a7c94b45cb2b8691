"""Text in requests is UTF-8, whatever charset a client names.

Neither the types of forms nor JSON have such a parameter (RFC 7578, RFC 8259, the URL standard). Django decodes forms
by it all the same: with a codec that is not for text ("hex") or has no error handler ("idna") that raises, and others
("punycode") take a time that grows with the square of the size. It also parses the query of any request that names a
charset while the request is made, where nothing answers for what that raises.
"""

from django.core.handlers.asgi import ASGIHandler, ASGIRequest


class Request(ASGIRequest):
    @property
    def encoding(self) -> None:
        """None stands for DEFAULT_CHARSET, which is UTF-8."""
        return None

    @encoding.setter
    def encoding(self, value: str | None) -> None:
        """Set by Django from Content-Type, and ignored."""


class Handler(ASGIHandler):
    """Django's application, as get_asgi_application() makes it, with requests of this kind."""

    request_class = Request
