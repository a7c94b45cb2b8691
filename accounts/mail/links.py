"""Absolute addresses of this site, for whatever leaves it: mails, invitations, commands."""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings


def absolute_url(path: str) -> str:
    """A path of this site, or an address with any host, as an address that begins with SITE_URL."""
    site = urlsplit(settings.SITE_URL)
    return urlunsplit(urlsplit(path)._replace(scheme=site.scheme, netloc=site.netloc))


def site_name() -> str:
    """The host that people know: "chat.example.org"."""
    return urlsplit(settings.SITE_URL).netloc
