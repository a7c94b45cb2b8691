"""What a page's socket is told of its account when it connects, read for many at once."""

from collections import defaultdict
from typing import Any

from ..models import Block, RoomKind
from ..queries import inbox, own_rooms, unread_counts
from ..services import personal_invitations


def read_account_states(user_ids: list[int]) -> list[dict[str, Any]]:
    """For each user: rooms with something unread, whom they block, the invitations that wait for their answer, and how
    many notifications are unread."""
    unread, blocked, invited = _unread(set(user_ids)), _blocked(set(user_ids)), _invited(set(user_ids))
    notified = inbox.unread_counts(set(user_ids))
    return [
        {"unread": unread[id], "blocked": sorted(blocked[id]), "invitations": invited[id], "inbox": notified[id]}
        for id in user_ids
    ]


def unread_fields(row: dict) -> dict[str, Any]:
    """A row of `unread_counts.unread_of` as it is on the wire."""
    fields = {"room": row["room__name"], "seq": row["seq"], "unread": row["unread"]}
    fields |= {"mention": row["mentioned"], "mentions": row["mentions"]}
    return fields if row["room__kind"] == RoomKind.DIRECT else {**fields, "title": row["room__title"]}


def _unread(user_ids: set[int]) -> dict[int, list[dict]]:
    found, rooms_of = defaultdict(list), own_rooms.room_ids_of(user_ids)
    for row in unread_counts.unread_of(user_ids, set().union(*rooms_of.values())):
        if row["room_id"] in rooms_of[row["user_id"]] and (row["unread"] or row["mentioned"]):
            found[row["user_id"]].append(unread_fields(row))
    return found


def _blocked(user_ids: set[int]) -> dict[int, list[int]]:
    found = defaultdict(list)
    for user_id, other in Block.objects.filter(user_id__in=user_ids).values_list("user_id", "blocked_id"):
        found[user_id].append(other)
    return found


def _invited(user_ids: set[int]) -> dict[int, list[dict]]:
    found: dict[int, list[dict]] = defaultdict(list)
    for user_id in personal_invitations.users_with_pending(user_ids):  # few at a time
        found[user_id] = [
            personal_invitations.serialize_invitation(each) for each in personal_invitations.pending_for(user_id)
        ]
    return found
