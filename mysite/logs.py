"""What must not stand in logs: Django writes down the address of a request that it refuses, and some let people in."""

import logging
import re

_SECRET = re.compile(r"(/chat/invite/|/password/reset/key/)[^/\s]+")


class Secrets(logging.Filter):
    """Leaves out what stands in the addresses of invitations and of password resets."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        hidden = _SECRET.sub(r"\1…", text)
        if hidden != text:
            record.msg, record.args = hidden, None
        return True
