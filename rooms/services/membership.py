"""Who belongs where. Loading a room is authorising: the only way to one is through a person's rights."""

from contextlib import suppress
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.rights import ServerAction, may_on_server
from accounts.scopes import Scope

from ..kernel.errors import ChatError, not_found
from ..kernel.notices import notice
from ..kernel.rights import Action
from ..kernel.slugs import NAME_PATTERN, check_title, random_name
from ..models import (
    BAN_HAS_ENDED,
    AskBeforeAdding,
    InvitationState,
    Membership,
    PersonalInvitation,
    Removal,
    Role,
    Room,
    RoomKind,
)
from ..publishing import events
from ..queries.places import find_rooms_and_places
from ..queries.room_names import find_free_name, find_public_room
from . import block_lists, token_rooms
from .choices import fields_of_new_place
from .notices import try_to_post_notice
from .notification_counts import announce_ended
from .ownership import own_again, transfer_ownership
from .readers import remember_reader, restore_reader
from .rights import check
from .room_locks import lock_room
from .room_notifications import notify_of_ownership
from .sql import reading_rights

_ATTEMPTS = 5  # to find or make a room, when others make rooms with the same slug at the same moment


def get_visible_room(user_id: int, name: str) -> Room:
    """The room of that name as it exists for this person. Raises ChatError: no_such_room."""
    return get_visible_room_and_membership(user_id, name)[0]


def get_visible_room_and_membership(user_id: int, name: str) -> tuple[Room, Membership | None]:
    """The same, and this person's membership: None of a public room that they have not joined. Writes nothing.

    Raises ChatError: no_such_room.
    """
    (place,) = _places([(user_id, name)])
    if place is None:
        raise not_found()
    return place


def without_access(places: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of (user id, room id), where somebody was let in once: those that may no longer be there."""
    if not places:
        return set()
    public, may = reading_rights({room_id for _, room_id in places}, {user_id for user_id, _ in places})
    return {place for place in places if not may.get(place, place[1] in public)}


def get_or_join(user: User, name: str) -> tuple[Room, Membership]:
    """The room and this person's place in it; whoever enters a public room belongs to it from then on.

    Raises ChatError: no_such_room.
    """
    room, mine = get_visible_room_and_membership(user.id, name)
    return room, mine or _join(room, user)


def get_or_join_many(wanted: list[tuple[User, str]]) -> list[Room | ChatError]:
    """`get_or_join` for many at once: each one's room or refusal, in order. Two queries for all who belong there.

    Whoever comes by a token that may only read looks on, and does not become a member. Raises ChatError: no_such_room.
    """
    places = _places([(user.id, name) for user, name in wanted])
    found: list[Room | ChatError] = []
    for (user, _name), seen in zip(wanted, places, strict=True):
        place = seen if seen and token_rooms.allows(user, seen[0].id) else None
        if place and place[1] is None and user.scope.includes(Scope.WRITE):
            try:
                _join(place[0], user)
            except ChatError as error:
                found.append(error)
                continue
        found.append(place[0] if place else not_found())
    return found


def _join(room: Room, user: User) -> Membership:
    """Their place in a public room. Raises not_found when it has become private or was deleted since it was loaded."""
    with transaction.atomic():
        membership, made = add_member(room, user)
        if made and not Room.objects.standing().filter(pk=room.pk, kind=RoomKind.PUBLIC).exists():
            raise not_found()
    return membership


def _places(wanted: list[tuple[int, str]]) -> list[tuple[Room, Membership | None] | None]:
    """For each user id and room name: the room, and what makes them belong to it, if they do; None: no such room.

    Both tables are asked whatever the first says, so a private room is denied as quickly as one that is none.
    """
    wanted_names = {name for _id, name in wanted if NAME_PATTERN.match(name)}
    standing, belonging = find_rooms_and_places({id for id, _name in wanted}, wanted_names)
    rooms = {room.name: room for room in standing}
    found = {(mine.user_id, mine.room_id): mine for mine in belonging if mine.is_banned or not mine.banned}

    def place(user_id: int, room: Room | None) -> tuple[Room, Membership | None] | None:
        mine = found.get((user_id, room.id)) if room else None
        if room is None or (mine.banned if mine else room.kind != RoomKind.PUBLIC):
            return None
        return room, mine

    return [place(user_id, rooms.get(name)) for user_id, name in wanted]


def check_may_create(user: User) -> None:
    """Raises ChatError: cannot_create_rooms."""
    if not may_on_server(user, ServerAction.CREATE_ROOMS):
        raise ChatError("cannot_create_rooms")


def get_or_create_and_join(user: User, title: str, topic: str = "") -> Room:
    """The public room of that title or address, entered; a new one when there is none.

    Raises ChatError: those of `get_or_create_public_room`, and no_such_room for somebody who is banned.
    """
    may_create = may_on_server(user, ServerAction.CREATE_ROOMS)
    room, made = get_or_create_public_room(title, user, topic, may_create)
    return room if made else get_or_join(user, room.name)[0]


def create_room(user: User, title: str, kind: str = RoomKind.PUBLIC, topic: str = "") -> Room:
    """A new room owned by `user`. A public one that exists already is entered instead.

    topic: of a new room, already checked. Raises ChatError: cannot_create_rooms, unknown_room_kind, and those of
    `get_or_create_and_join`.
    """
    if kind == RoomKind.PUBLIC:
        return get_or_create_and_join(user, title, topic)
    if kind != RoomKind.PRIVATE:
        raise ChatError("unknown_room_kind")
    check_may_create(user)
    return create_private_room(user, title, topic)


def create_private_room(owner: User, title: str, topic: str = "") -> Room:
    """A new one, whether or not its owner may create rooms. Raises ChatError: those of `check_title`."""
    kind = RoomKind.PRIVATE
    return _insert_room(owner, title=check_title(title), kind=kind, name=random_name(kind), topic=topic)


def get_or_create_public_room(
    title: str, owner: User | None = None, topic: str = "", may_create: bool = True
) -> tuple[Room, bool]:
    """The public room of that title or address, and whether it was made now. Nobody joins an existing one.

    Without an owner, the first person who joins a new room owns it. topic: of a new room, already checked. Raises
    ChatError: cannot_create_rooms, too_many_rooms_being_made, too_many_same_titles, and those of `check_title`.
    """
    title = check_title(title)
    for _attempt in range(_ATTEMPTS):
        if found := find_public_room(title):
            return found, False
        name = find_free_name(title)
        if found := find_public_room(title):  # made in between: then the name that is free is another one
            return found, False
        if not may_create:
            raise ChatError("cannot_create_rooms")
        with suppress(IntegrityError):  # somebody else has just taken the address
            return _insert_room(owner, title=title, name=name, topic=topic), True
    raise ChatError("too_many_rooms_being_made", 1)


def _insert_room(owner: User | None, **fields: Any) -> Room:
    block_lists.check_words(None, (fields["title"], ""), (fields["topic"], ""))
    with transaction.atomic():
        room = Room.objects.create(**fields, created_by=owner)
        if owner:
            Membership.objects.create(room=room, user=owner, role=Role.OWNER, **fields_of_new_place(owner.id))
            events.room_list_changed(owner.id)
    return room


def leave(user: User, room_name: str) -> None:
    """Belong to a room no longer. An owner hands it over: see `transfer_ownership`.

    Raises ChatError: direct_cannot_be_left, no_such_room.
    """
    room = get_visible_room(user.id, room_name)
    check(Action.LEAVE, user, room)
    with transaction.atomic():
        room = lock_room(room.pk)
        mine = Membership.objects.filter(room=room, user=user)
        if mine.filter(role=Role.OWNER).exists():
            mine.update(role=Role.MEMBER)
            if heir := transfer_ownership(room, leaving=user):
                if not room.archived:  # the last words of who leaves, so they come first
                    try_to_post_notice(user, room.id, notice("owner_left", name=heir.username))
                notify_of_ownership(heir.pk, room)
        if (place := mine.first()) is not None:
            remember_reader(place)
        mine.delete()
        AskBeforeAdding.objects.get_or_create(room=room, user=user)
        announce_ended({user.id})
        events.removed(room.name, user.id)


def get_user_by_name(username: str, also_gone: bool = False) -> User:
    """The person or bot of that name. also_gone: deactivated ones, too. Raises ChatError: no_such_person."""
    # Not every text may be asked of every database; a name has no sign that cannot be printed.
    found: User | None = User.objects.filter(username__iexact=username).first() if username.isprintable() else None
    if found is None or not (found.is_active or also_gone):
        raise user_not_found()
    return found


def user_not_found() -> ChatError:
    """For names of nobody, and alike for people that somebody may not reach."""
    return ChatError("no_such_person")


@transaction.atomic
def add_member(room: Room, user: User) -> tuple[Membership, bool]:
    """Their place in the room, and whether it is new. Rights are checked before. Raises ChatError: no_such_room."""
    # What was said before somebody came is not "unread" for them.
    fields = {"read_seq": room.seq, "mention_seq": 0, **fields_of_new_place(user.id)}
    membership, made = Membership.objects.get_or_create(room=room, user=user, defaults=fields)
    if membership.banned and not membership.is_banned:
        Membership.objects.filter(BAN_HAS_ENDED, pk=membership.pk).delete()
        membership, made = Membership.objects.get_or_create(room=room, user=user, defaults=fields)
    if made:
        restore_reader(membership)
        AskBeforeAdding.objects.filter(room=room, user=user).delete()
        Removal.objects.filter(room=room, user=user).delete()
        asked = PersonalInvitation.objects.filter(room=room, user=user, state=InvitationState.PENDING)
        if asked.update(state=InvitationState.ACCEPTED):
            announce_ended({user.id})
        if not Membership.objects.filter(room=room, role=Role.OWNER).exists():
            own_again(room)
            membership.refresh_from_db()
        events.room_list_changed(user.id)
    return membership, made
