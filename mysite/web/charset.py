"""Decodes requests as UTF-8, whatever charset the client names.

Neither form types nor JSON have a charset parameter (RFC 7578, RFC 8259, the URL standard), but Django decodes forms
with it. Codecs that are not for text ("hex") or have no error handler ("idna") then raise an exception, and others
("punycode") take quadratic time. With a charset, Django also parses the query string in the request's constructor,
where exceptions are not handled.
"""

from django.core.handlers.asgi import ASGIHandler, ASGIRequest


class Utf8Request(ASGIRequest):
    @property
    def encoding(self) -> None:
        """None means DEFAULT_CHARSET, which is UTF-8."""
        return None

    @encoding.setter
    def encoding(self, value: str | None) -> None:
        """Set by Django from Content-Type, and ignored."""


class Utf8Handler(ASGIHandler):
    """Django's ASGI application with Utf8Request."""

    request_class = Utf8Request
