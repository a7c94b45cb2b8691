"""Log filters: remove secrets from URLs, and tracebacks of invalid requests."""

import logging
import re

from django.conf import settings

MAX_LENGTH = 300  # characters of a message about an invalid request
MIN_PASSWORD = 6  # a shorter one would be found in every second word
_UNPRINTABLE = re.compile(r"[^ -~]")
_SECRET = re.compile(r"(/chat/invite/|/setup/|/join/|/password/reset/key/|/confirm-email/|/mail/stop/)[^/\s]+")
_MAIL_URL = re.compile(r"(smtps?://)[^\s@]{0,500}@")


class ShortenClientErrors(logging.Filter):
    """Shortens records about invalid requests to one line: anybody can cause them, and a traceback does not help.

    These are Django's records with a status below 500 and all of django.security. Others keep their tracebacks.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """One escaped line for what a client did wrong, without a traceback."""
        is_security = record.name.startswith("django.security.")
        if is_security or (record.name.startswith("django.") and getattr(record, "status_code", 500) < 500):
            record.exc_info = record.exc_text = None
            record.msg, record.args = _escape(record.getMessage()), None
        if is_security:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class RedactSecrets(logging.Filter):
    """Removes the secret part of URLs (invitations, links in mails, the mail server's), and its password anywhere."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Hides tokens and keys in URLs, and the password of the mail server."""
        text = record.getMessage()
        hidden = _MAIL_URL.sub(r"\1…@", _SECRET.sub(r"\1…", text))
        if len(settings.EMAIL_HOST_PASSWORD) >= MIN_PASSWORD:
            hidden = hidden.replace(settings.EMAIL_HOST_PASSWORD, "…")
        if hidden != text:
            record.msg, record.args = hidden, None
        return True


def _escape(text: str) -> str:
    """A stranger's text, cut off and in printable ASCII, without line breaks and terminal control sequences."""
    shown = _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text[:MAX_LENGTH])
    return shown if len(text) <= MAX_LENGTH else f"{shown}…"
