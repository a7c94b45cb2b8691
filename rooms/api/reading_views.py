"""Marking all rooms as read over HTTP; see docs/protocol.md."""

from ..kernel.errors import ChatError
from ..kernel.protocol import whole_number
from ..services import reading
from .framework import ApiRequest


def mark_all_read(request: ApiRequest) -> dict:
    """`{"undo": <text>}`: what `restore_unread` takes."""
    request.text_fields()
    return {"undo": " ".join(f"{name}:{seq}" for name, seq in reading.mark_all_read(request.user))}


def restore_unread(request: ApiRequest) -> dict:
    """Takes `{"undo"}`. Returns `{"rooms": <count>}`: how many are unread again."""
    return {"rooms": reading.restore_unread(request.user, _positions(request.text_fields("undo")["undo"]))}


def _positions(text: str) -> reading.Positions:
    """Parse `name:seq name:seq`. Names of rooms contain neither spaces nor colons."""
    found = []
    for each in text.split():
        name, _colon, number = each.rpartition(":")
        seq = whole_number(number)
        if not name or seq is None:
            raise ChatError("parameter_not_number", parameter="undo")
        found.append((name, seq))
    return found
