"""One family of errors, made where a rule is broken and rendered at each edge (socket, API, page)."""

from django.utils.translation import gettext as _

STATUS = {
    "invalid": 400,
    "too_long": 413,
    "unauthenticated": 401,
    "not_found": 404,
    "forbidden": 403,
    "conflict": 409,
    "rate_limited": 429,
    "overloaded": 503,
    "unavailable": 503,
    "internal": 500,
}


class ChatError(Exception):
    """A rule was broken, or a store is away.

    code: one of STATUS, for programs. message: a sentence for a person.
    retry_after: seconds until the same may succeed, when that is known.
    """

    def __init__(self, code: str, message: str, retry_after: float | None = None):
        super().__init__(message)
        self.code = code
        self.status = STATUS[code]
        self.message = str(message)
        self.retry_after = retry_after

    def __repr__(self):
        return f"ChatError({self.code!r}, {self.message!r})"


def not_found() -> ChatError:
    """Absent, or not for you: the two must look the same everywhere."""
    return ChatError("not_found", _("There is no such room."))


def archived() -> ChatError:
    return ChatError("forbidden", _("This room is closed. It can be read, and nobody writes here."))


def unavailable() -> ChatError:
    text = _("The server cannot reach its database just now. Nothing is lost: send it again.")
    return ChatError("unavailable", text, 2)
