"""What must not stand in logs: addresses that let people in, and a traceback for each request that is wrong."""

import logging
import re

LONGEST = 300  # characters of what is told of a request that is wrong
_UNPRINTABLE = re.compile(r"[^ -~]")
_SECRET = re.compile(r"(/chat/invite/|/password/reset/key/)[^/\s]+")


class Brief(logging.Filter):
    """One short line for a request that is wrong: anybody can send it, and where Django noticed that helps nobody.

    Those are Django's records with a status below 500, and all of django.security. Others keep their tracebacks.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        is_security = record.name.startswith("django.security.")
        if is_security or (record.name.startswith("django.") and getattr(record, "status_code", 500) < 500):
            record.exc_info = record.exc_text = None
            record.msg, record.args = _shown(record.getMessage()), None
        if is_security:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class Secrets(logging.Filter):
    """Leaves out what stands in the addresses of invitations and of password resets."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        hidden = _SECRET.sub(r"\1…", text)
        if hidden != text:
            record.msg, record.args = hidden, None
        return True


def _shown(text: str) -> str:
    """What a stranger sent, cut off, in printable ASCII: no line breaks, and nothing that steers a terminal."""
    shown = _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text[:LONGEST])
    return shown if len(text) <= LONGEST else f"{shown}…"
