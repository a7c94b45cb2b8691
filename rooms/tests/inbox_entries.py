"""What stands in somebody's inbox."""

from rooms.queries import inbox


def entries(user, **wanted) -> list[tuple[str, int, str]]:
    """(kind, message, whom it is by) of what stands in the inbox, the newest first."""
    found = inbox.page(user.id, **wanted).entries
    return [(each.row.kind, each.row.message_id, ", ".join(each.names)) for each in found]


def unread(user) -> int:
    return inbox.unread_counts([user.id])[user.id]
