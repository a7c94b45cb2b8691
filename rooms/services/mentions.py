"""Resolves @names to people and bots, and records who was mentioned, for many messages at once."""

from collections.abc import Iterable, Sequence

from django.db.models import Exists, F, OuterRef, QuerySet

from ..models import Block, Membership, Message, Room, RoomKind
from .sql import find_people, set_last_mentions

MAX_SCANNED = 500  # messages in which an earlier mention is looked for
BATCH_SIZE = 500  # names in one query: a message may consist of names alone


def resolve_mentions(wanted: Sequence[tuple[Room, Sequence[str]]]) -> list[dict[str, int]]:
    """Takes rooms with lower-case names. Returns for each of them name → user id, for all who can be addressed there.

    In a public room that is everybody, elsewhere the members and all bots. Two queries in all; none without names.
    Where nobody is called `name_`, it means `name` followed by an underscore.
    """
    named = {name for _room, names in wanted for name in names}
    people = _find_users(named | {name.rstrip("_") for name in named})
    people |= {name: people[plain] for name in named - people.keys() if (plain := name.rstrip("_")) in people}
    closed = {room.id for room, names in wanted if names and room.kind != RoomKind.PUBLIC}
    inside = _find_memberships(closed, [id for id, _is_bot in people.values()]) if closed and people else set()

    def hears(name: str, room: Room) -> bool:
        if name not in people:
            return False
        id, is_bot = people[name]
        return room.kind == RoomKind.PUBLIC or is_bot or (room.id, id) in inside

    heard = [{name: people[name][0] for name in names if hears(name, room)} for room, names in wanted]
    return [_drop_aliases(found) for found in heard]


def mark_mentioned(messages: Iterable[Message]) -> None:
    """Record these new messages as the last mention of everyone whom they name, in one call to the database driver."""
    last = {
        (message.room_id, id, message.sender_id): message.first_seq
        for message in messages
        for id in message.mentions
        if id != message.sender_id
    }
    if last:
        # The latest mention of a person in a room comes last, and overwrites the others.
        ordered = sorted(last.items(), key=lambda item: (item[0][:2], item[1]))
        set_last_mentions([(seq, *where) for where, seq in ordered])


def unmark(message: Message, named_before: Iterable[int]) -> None:
    """For people whom an edited message no longer mentions: record their previous unread mention instead."""
    lost = set(named_before) - set(message.mentions)
    for mine in Membership.objects.filter(room=message.room, user_id__in=lost, mention_seq=message.first_seq):
        _find_earlier_mention(mine, Message.objects.exclude(pk=message.pk))


def unmark_from_sender(user_id: int, sender_id: int) -> None:
    """Remove a person's unread mentions by a sender whom they have blocked."""
    theirs = Message.objects.filter(room=OuterRef("room"), first_seq=OuterRef("mention_seq"), sender_id=sender_id)
    for mine in Membership.objects.filter(Exists(theirs), user_id=user_id, mention_seq__gt=F("read_seq")):
        _find_earlier_mention(mine, Message.objects.all())


def _find_earlier_mention(mine: Membership, messages: QuerySet[Message]) -> None:
    """Record the last of these messages that mentions the member, is unread, and is not by someone they block."""
    blocked = Block.objects.filter(user_id=mine.user_id).values("blocked")
    unread = messages.filter(room_id=mine.room_id, deleted=False, first_seq__gt=mine.read_seq)
    newest = unread.exclude(sender__in=blocked).order_by("-first_seq").values_list("first_seq", "mentions")
    mine.mention_seq = next((seq for seq, ids in newest[:MAX_SCANNED] if mine.user_id in ids), 0)
    mine.save(update_fields=["mention_seq"])


def _find_users(names: set[str]) -> dict[str, tuple[int, bool]]:
    """Lower-case name → id, and whether it is a bot."""
    people: dict[str, tuple[int, bool]] = {}
    rest = sorted(names)
    while rest:
        some, rest = rest[:BATCH_SIZE], rest[BATCH_SIZE:]
        people |= {lower: (id, is_bot) for lower, id, is_bot in find_people(some)}
    return people


def _drop_aliases(found: dict[str, int]) -> dict[str, int]:
    """Keep one name for each person: the first that was written."""
    first = {id: name for name, id in reversed(found.items())}
    return found if len(first) == len(found) else {name: id for name, id in found.items() if first[id] == name}


def _find_memberships(room_ids: set[int], user_ids: list[int]) -> set[tuple[int, int]]:
    belong = Membership.objects.filter(room_id__in=room_ids, user_id__in=user_ids)
    return set(belong.values_list("room_id", "user_id"))
