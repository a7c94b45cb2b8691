"""What is blocked in a room or on the server: read and changed by its moderators or by staff."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.rights import ServerAction, may_on_server
from audit.recording import record

from ..kernel.errors import ChatError
from ..kernel.rights import Action
from ..models import BlockList, Room
from ..text.blocked_words import fold, host_of
from ..text.key_words import tidy
from .membership import get_visible_room
from .rights import check
from .room_locks import lock_room

MAX_ENTRIES, MAX_LENGTH = 200, 60  # of words and of links each; characters of one
_LONGEST_ENTERED = 300  # characters, before it is tidied


def list_of(actor: User, room_name: str) -> BlockList:
    """That of a room, empty if nothing was ever blocked there. Moderators only.

    Raises ChatError: cannot_block_words, direct_has_no_limits, no_such_room.
    """
    room = get_visible_room(actor.id, room_name)
    check(Action.BLOCK_WORDS, actor, room)
    return BlockList.objects.filter(room=room).first() or BlockList(room=room)


def list_of_server(actor: User) -> BlockList:
    """Raises ChatError: not_staff."""
    if not may_on_server(actor, ServerAction.BLOCK_WORDS):
        raise ChatError("not_staff")
    return BlockList.objects.filter(server=True).first() or BlockList(server=True)


def set_list(actor: User, room_name: str, phrases: Sequence[str], hosts: Sequence[str]) -> BlockList:
    """Replace what is blocked in a room. Moderators only; what was written before stays.

    Raises ChatError: bad_block_list, cannot_block_words, direct_has_no_limits, no_block_host, no_such_room.
    """
    room = list_of(actor, room_name).room
    given = _tidy(phrases, hosts)
    assert room is not None
    with transaction.atomic():
        return _store(actor, lock_room(room.pk), *given)


def set_list_of_server(actor: User, phrases: Sequence[str], hosts: Sequence[str]) -> BlockList:
    """The same for every room and direct message. For staff.

    Raises ChatError: bad_block_list, no_block_host, not_staff.
    """
    list_of_server(actor)
    given = _tidy(phrases, hosts)
    with transaction.atomic():
        return _store(actor, None, *given)


def _store(actor: User, room: Room | None, phrases: list[str], hosts: list[str]) -> BlockList:
    place: dict[str, Any] = {"room": room} if room else {"server": True}
    BlockList.objects.get_or_create(**place)
    found = BlockList.objects.select_for_update().get(**place)
    if (found.phrases, found.hosts) == (phrases, hosts):
        return found
    found.phrases, found.hosts, found.version = phrases, hosts, found.version + 1
    found.save()
    counts = {"words": len(phrases), "links": len(hosts)}
    if room is None:
        record("server.block_list_changed", actor=actor.pk, **counts)
    else:
        Room.objects.filter(pk=room.pk).update(block_version=found.version)
        record("room.block_list_changed", actor=actor.pk, room=room.pk, **counts)
    return found


def _tidy(phrases: Sequence[str], hosts: Sequence[str]) -> tuple[list[str], list[str]]:
    """As they are kept: each once, in their order."""
    if max(len(phrases), len(hosts)) > 2 * MAX_ENTRIES or any(
        len(each) > _LONGEST_ENTERED for each in (*phrases, *hosts)
    ):
        raise _bad()
    words = {fold(each): tidied for each in phrases if (tidied := tidy(each))}
    places = {each: host_of(each) for each in hosts if each.strip()}
    if wrong := next((each for each, host in places.items() if host is None), None):
        raise ChatError("no_block_host", host=wrong[:60])
    found = list(words.values()), list(dict.fromkeys(host for host in places.values() if host))
    if "" in words or any(len(each) > MAX_LENGTH for entries in found for each in entries):
        raise _bad()
    if max(map(len, found)) > MAX_ENTRIES:
        raise _bad()
    return found


def _bad() -> ChatError:
    return ChatError("bad_block_list", count=MAX_ENTRIES, limit=MAX_LENGTH)
