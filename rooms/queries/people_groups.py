"""Reads of groups of people, and of how many a call in a room reaches."""

from django.db.models import Count, QuerySet

from presence import sync_client

from ..models import GroupMember, Membership, PeopleGroup, Room

MAX_OFFERED = 5


def groups_with_counts() -> QuerySet[PeopleGroup]:
    """All, each with `people`: how many belong to it."""
    return PeopleGroup.objects.annotate(people=Count("members")).order_by("name")


def members_of_group(group: PeopleGroup) -> QuerySet[GroupMember]:
    """Members with active accounts, by user name."""
    return group.members.select_related("user").filter(user__is_active=True).order_by("user__username")


def groups_in(room: Room, begins: str) -> list[tuple[str, int]]:
    """Groups whose names begin like that, each with how many of it belong to the room; none without anybody there."""
    there = Membership.objects.filter(room=room, banned=False).values("user")
    found = GroupMember.objects.filter(group__name__startswith=begins, user__in=there, user__is_active=True)
    counted = found.values("group__name").annotate(people=Count("pk")).order_by("group__name")
    return list(counted.values_list("group__name", "people")[:MAX_OFFERED])


def people_in(room: Room) -> int:
    """How many a call of the whole room reaches: its members without bots, banned people and closed accounts."""
    return Membership.objects.filter(room=room, banned=False, user__is_active=True, user__is_bot=False).count()


def people_here(room: Room) -> int:
    """How many are in the room at this moment, as its page says it."""
    return sync_client.get_counts([room.name])[room.name]
