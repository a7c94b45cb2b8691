"""Pictures of people, bots and rooms: set, removed, and shown to people who may see whom they belong to."""

import secrets
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.rights import ServerAction, may_on_server
from audit.recording import record
from files.incoming import IncomingFile

from ..kernel.errors import ChatError
from ..kernel.notices import notice
from ..kernel.rights import Action
from ..models import PersonPicture, Room, RoomPicture
from . import membership, token_rooms
from .notices import post_notice
from .rights import check, check_open
from .room_locks import lock_room


@dataclass(frozen=True, slots=True)
class Squares:
    """Both sizes as WebP, drawn by this server."""

    small: bytes
    large: bytes


def squares_of(files: list[IncomingFile]) -> Squares:
    """The two sizes that were made of an uploaded file. Raises ChatError: file_missing, no_picture."""
    if not files:
        raise ChatError("file_missing")
    if not files[0].squares:
        raise ChatError("no_picture")
    small, large = files[0].squares
    return Squares(small, large)


def check_person(actor: User, username: str) -> User:
    """The person of this name, whose picture the actor may change: oneself, and for staff a bot.

    Raises ChatError: not_own_picture, no_such_person.
    """
    person = membership.get_user_by_name(username)
    if person.pk != actor.pk and not (person.is_bot and may_on_server(actor, ServerAction.MANAGE_BOTS)):
        raise ChatError("not_own_picture")
    return person


def set_of_person(actor: User, username: str, squares: Squares | None) -> User:
    """Set or remove (None) a person's picture. Everybody who sees them is told, as of a new name.

    Raises ChatError: no_such_person, not_own_picture.
    """
    person = check_person(actor, username)
    with transaction.atomic():
        locked: User = User.objects.select_for_update().get(pk=person.pk)
        if squares is None:
            PersonPicture.objects.filter(user=locked).delete()
        else:
            PersonPicture.objects.update_or_create(user=locked, defaults=_stored(squares))
        _name(locked, squares)
    return locked


def check_room(actor: User, room_name: str) -> Room:
    """The room of this name, whose picture the actor may change: moderators and staff.

    Raises ChatError: cannot_change_picture, direct_has_no_picture, room_archived, no_such_room.
    """
    room = membership.get_visible_room(actor.id, room_name)
    check(Action.CHANGE_PICTURE, actor, room)
    check_open(Action.CHANGE_PICTURE, room)
    return room


def set_of_room(actor: User, room_name: str, squares: Squares | None) -> Room:
    """Set or remove (None) a room's picture, and post a notice.

    Raises ChatError: cannot_change_picture, direct_has_no_picture, no_such_room, room_archived.
    """
    found = check_room(actor, room_name)
    with transaction.atomic():
        room = lock_room(found.pk)
        had = bool(room.picture)
        if squares is None:
            RoomPicture.objects.filter(room=room).delete()
        else:
            RoomPicture.objects.update_or_create(room=room, defaults=_stored(squares))
        _name(room, squares)
        if squares or had:
            post_notice(actor, room.id, notice("picture_set" if squares else "picture_removed"))
            record("room.picture_changed", actor=actor.pk, room=room.pk)
    room.refresh_from_db()
    return room


def of_person(user_id: int, version: str, size: str) -> bytes | None:
    """size: small or large. None: there is another picture now. The content of an address never changes."""
    found = PersonPicture.objects.filter(user=user_id, user__picture=version).values_list(size, flat=True).first()
    return None if found is None else bytes(found)


def of_room(reader: User, room_name: str, version: str, size: str) -> bytes | None:
    """The same of a room that this person can read. Raises ChatError: no_such_room."""
    token_rooms.check_room(reader, room_name)
    room = membership.get_visible_room(reader.id, room_name)
    found = RoomPicture.objects.filter(room=room, room__picture=version).values_list(size, flat=True).first()
    return None if found is None else bytes(found)


def _stored(squares: Squares) -> dict[str, bytes]:
    return {"small": squares.small, "large": squares.large}


def _name(owner: User | Room, squares: Squares | None) -> None:
    owner.picture = secrets.token_hex(8) if squares else ""
    owner.save(update_fields=["picture"])
