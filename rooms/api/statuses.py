"""Whether people of direct messages are on this server, as far as who asks may know."""

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
    """Whether these people are anywhere on this server, by id; those who do not show it to this person are left out."""
    people = {other.id for other in others if not other.is_bot}
    return sync_client.get_status(contact_permissions.who_shows_presence(user_id, people)) or {} if people else {}


def get_status(other: User, user_id: int) -> dict | None:
    """Whether the other person of a direct message is anywhere on this server; None when this person cannot know."""
    status = get_statuses([other], user_id).get(other.id)
    if status is None:
        return None
    seen = status.seen and timestamp(datetime.fromtimestamp(status.seen, UTC))
    said = other.current_status
    away = status.away or bool(said and said.availability == Availability.AWAY)
    return {"state": ("away" if away else "here") if status.here else "gone", "seen": seen or None}
