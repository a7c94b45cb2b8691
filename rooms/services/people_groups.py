"""Groups of people that a message can call by one name. Staff make them and choose their members; members may leave."""

import re

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.reserved_names import reserve
from accounts.rights import ServerAction, may_on_server
from accounts.usernames import USERNAME_PATTERN
from audit.recording import record

from ..kernel.errors import ChatError
from ..kernel.rights import Action
from ..models import GroupMember, Membership, PeopleGroup, Room
from ..queries.people_groups import groups_in, people_here, people_in
from .calls import HERE, ROOM, is_call
from .membership import get_user_by_name
from .rights import may

MAX_GROUPS = 500
_NAME = re.compile(USERNAME_PATTERN)


def create(user: User, name: str, about: str = "") -> PeopleGroup:
    """Raises ChatError: bad_group_name, group_exists, not_staff, too_many_groups."""
    _check_staff(user)
    name = _check_name(name)
    if PeopleGroup.objects.count() >= MAX_GROUPS:
        raise ChatError("too_many_groups", limit=MAX_GROUPS)
    try:
        with transaction.atomic():
            group = PeopleGroup.objects.create(name=name, about=about, created_by=user)
            reserve(name)  # for good: nobody may sign up with it and be called in place of the group
            _check_free(name)  # whoever was signing up with it at this moment has done so
            record("group.made", actor=user.pk, group=name)
            return group
    except IntegrityError:
        raise ChatError("group_exists") from None


def describe(user: User, name: str, about: str) -> PeopleGroup:
    """Raises ChatError: not_staff, no_such_group."""
    _check_staff(user)
    group = get_group(name)
    with transaction.atomic():
        if PeopleGroup.objects.filter(pk=group.pk).exclude(about=about).update(about=about):
            record("group.described", actor=user.pk, group=group.name)
    return group


def delete(user: User, name: str) -> None:
    """Raises ChatError: not_staff, no_such_group."""
    _check_staff(user)
    with transaction.atomic():
        group = get_group(name, PeopleGroup.objects.select_for_update())  # nobody is added meanwhile
        group.delete()
        record("group.deleted", actor=user.pk, group=group.name)


def add(user: User, name: str, username: str) -> User:
    """Add a person to a group. Adding twice is once. Raises ChatError: no_such_person, not_staff, no_such_group."""
    _check_staff(user)
    other = get_user_by_name(username)
    if other.is_bot:
        raise ChatError("no_such_person")
    with transaction.atomic():
        group = get_group(name, PeopleGroup.objects.select_for_update(no_key=True))  # it stays until then
        if GroupMember.objects.get_or_create(group=group, user=other)[1]:
            record("group.person_added", actor=user.pk, person=other.pk, group=group.name)
    return other


def remove(user: User, name: str, username: str) -> User:
    """Remove a person from a group. Staff may, and the person.

    Raises ChatError: not_staff, no_such_group, no_such_person.
    """
    group = get_group(name)
    if username.lower() != user.username.lower():
        _check_staff(user)
    other = get_user_by_name(username, also_gone=True)
    with transaction.atomic():
        gone = GroupMember.objects.filter(group=group, user=other).delete()[0]
        if gone and other.pk != user.pk:
            record("group.person_removed", actor=user.pk, person=other.pk, group=group.name)
    return other


def offered_calls(user: User, room: Room, begins: str) -> list[tuple[str, int]]:
    """What this person may call in a room by a name with this prefix, each with how many others hear it, roughly."""
    if room.is_direct:
        return []
    offered = [(HERE, people_here)] + ([(ROOM, people_in)] if may(Action.CALL_ROOM, user, room) else [])
    mine = Membership.objects.filter(room=room, user=user).exists()
    calls = [(name, max(0, count(room) - mine)) for name, count in offered if name.startswith(begins)]
    return calls + groups_in(room, begins)


def get_group(name: str, groups: QuerySet[PeopleGroup] | None = None) -> PeopleGroup:
    """groups: among which it is looked for, perhaps locked. Raises ChatError: no_such_group."""
    groups = PeopleGroup.objects.all() if groups is None else groups
    group = groups.filter(name=name.lower()).first() if name.isprintable() else None
    if group is None:
        raise ChatError("no_such_group")
    return group


def _check_name(name: str) -> str:
    name = name.strip().lstrip("@＠").lower()
    if len(name) > 32 or not _NAME.fullmatch(name) or is_call(name):
        raise ChatError("bad_group_name")
    _check_free(name)
    return name


def _check_free(name: str) -> None:
    if User.objects.filter(username__iexact=name).exists():
        raise ChatError("bad_group_name")


def _check_staff(user: User) -> None:
    if not may_on_server(user, ServerAction.MANAGE_GROUPS):
        raise ChatError("not_staff")
