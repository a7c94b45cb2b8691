"""One family of errors, made where a rule is broken and rendered at each edge (socket, API, page)."""

import logging
import uuid
from typing import Any

from .reasons import REASONS, STATUS


class ChatError(Exception):
    """A rule was broken, or a store is away.

    reason: a key of REASONS. retry_after: seconds until the same may succeed, when that is known. params: what the
    reason's sentence names, as JSON values; all of it and no more. Raises KeyError and TypeError for anything else.
    """

    def __init__(self, reason: str, retry_after: float | None = None, /, **params: Any) -> None:
        super().__init__(reason)
        known = REASONS[reason]
        known.check(reason, params)
        self.reason = reason
        self.params = params
        self.code = known.code
        self.status = STATUS[known.code]
        self.retry_after = retry_after

    @property
    def message(self) -> str:
        """A sentence for a person, in the active language: ask for it where it is shown."""
        return REASONS[self.reason].text(self.params)

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.reason!r}, {self.params!r})"


def not_found() -> ChatError:
    """Absent, or not for you: the two must look the same everywhere."""
    return ChatError("no_such_room")


def archived() -> ChatError:
    """For whoever tries to change a room that is archived."""
    return ChatError("room_archived")


def unavailable() -> ChatError:
    """For whoever waits for the database in vain; they may try again after 2 s."""
    return ChatError("database_away", 2)


def internal_error(logger: logging.Logger, what: str) -> ChatError:
    """For the exception that is being handled: it goes into the log with a number that the person can report.

    what: the log's words for it, such as "a post failed".
    """
    incident = uuid.uuid4().hex[:8]
    logger.exception("%s (%s)", what, incident)
    return ChatError("internal_error", incident=incident)
