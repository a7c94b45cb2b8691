"""Absolute URLs of this site, for mails, invitations and commands."""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings


def absolute_url(path: str) -> str:
    """The URL that begins with SITE_URL and has this path. Of a URL with a host, the host is replaced."""
    site = urlsplit(settings.SITE_URL)
    return urlunsplit(urlsplit(path)._replace(scheme=site.scheme, netloc=site.netloc))


def site_host() -> str:
    """The host (and port) of SITE_URL: "chat.example.org"."""
    return urlsplit(settings.SITE_URL).netloc
