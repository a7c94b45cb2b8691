"""What must not stand in logs: addresses that let people in, and a traceback for each request that is wrong."""

import logging
import re

_SECRET = re.compile(r"(/chat/invite/|/password/reset/key/)[^/\s]+")


class Brief(logging.Filter):
    """One line for a request that is wrong: anybody can send it, and where Django noticed that helps nobody."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = record.exc_text = None
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
