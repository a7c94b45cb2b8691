"""Whether the other people in direct messages are online, as far as the caller may know."""

from collections.abc import Iterable
from datetime import UTC, datetime

from accounts.models import User
from accounts.statuses import Availability
from presence import sync_client

from ..kernel.protocol import timestamp
from ..services import (
    contact_permissions,
)


def get_statuses(others: Iterable[User], user_id: int) -> dict:
    """User id → whether they are online anywhere here. Leaves out bots, and people who hide it from this one."""
    people = {other.id for other in others if not other.is_bot}
    return sync_client.get_status(contact_permissions.who_shows_presence(user_id, people)) or {} if people else {}


def get_status(other: User, user_id: int) -> dict | None:
    """Whether the other person of a direct message is online anywhere on the server; None: this person may not know."""
    status = get_statuses([other], user_id).get(other.id)
    if status is None:
        return None
    seen = status.seen and timestamp(datetime.fromtimestamp(status.seen, UTC))
    said = other.current_status
    away = status.away or bool(said and said.availability == Availability.AWAY)
    return {"state": ("away" if away else "here") if status.here else "gone", "seen": seen or None}
