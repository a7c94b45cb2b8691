"""Joins notices in a row of one kind by one person in one line: “alice added bob, carol, and 8 others to the room”.

static/js/state/notice_runs.js has the same rule and the same texts, for notices that come while the page is open.
"""

from dataclasses import dataclass
from datetime import timedelta

from ..kernel import notices
from ..models import Message, MessageKind
from .naming import list_names

RUN_WINDOW = timedelta(minutes=10)  # between one notice and the next
_REASONS = frozenset({"person_added", "person_removed", "person_banned"})  # notices that name one person each


@dataclass(frozen=True, slots=True)
class NoticeOfPerson:
    """A notice that may stand in a run."""

    reason: str
    name: str  # of the person whom it is about
    author: str  # as shown


def notice_of_person(message: Message) -> NoticeOfPerson | None:
    """What the message says as a notice about somebody; None for any other message."""
    stored = message.notice or {}
    name = stored.get("params", {}).get("name")
    if message.kind != MessageKind.NOTICE or message.deleted or stored.get("reason") not in _REASONS or not name:
        return None
    return NoticeOfPerson(stored["reason"], name, message.sender.shown_name)


def run_text(run: list[NoticeOfPerson]) -> str:
    """One sentence, in the reader's language, for notices with one author and one reason."""
    names = list_names([notice.name for notice in run])
    said = notices.sentence({"reason": run[0].reason, "params": {"name": names}})
    return f"{run[0].author} {said}"
