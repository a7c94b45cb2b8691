"""The steps in which a person is erased. Each does a portion when it is called, in a transaction of its own that holds
the lock of one room at most, and can be called again at any point: whoever is ended in between loses nothing.

A step gets the Erasure, may move `after` on in it, and returns whether there may be more to do.
"""

from collections.abc import Callable, Sequence

from django.db.models import Exists, Min, Model, OuterRef, QuerySet

from accounts.models import User
from accounts.privacy import erasure as accounts

from ..kernel.notices import notice
from ..kernel.signals import messages_deleted
from ..models import (
    AskBeforeAdding,
    Block,
    ContactSettings,
    Erasure,
    Invitation,
    InvitationState,
    Membership,
    Message,
    PersonalInvitation,
    Reaction,
    Role,
    Room,
    RoomKind,
)
from ..publishing import events
from ..services import personal_invitations
from ..services.membership import transfer_ownership
from ..services.notices import try_to_post_notice
from ..services.room_locks import lock_room_or_none
from ..services.sql import save_message_numbers
from ..services.tombstones import make_tombstones
from .erasure_notices import rename_in_notices

PORTION = 50  # messages in a transaction: each one is told to everybody in the room
ROWS = 500  # of what nobody is told of

Step = Callable[[Erasure], bool]


def delete_messages(erasure: Erasure) -> bool:
    """Some of what they wrote in one room becomes tombstones."""
    mine = Message.objects.filter(sender=erasure.user_id, deleted=False)
    # By id, and on from there: looking through what is deleted already would make each portion dearer.
    first = mine.filter(pk__gt=int(erasure.after or 0)).order_by("pk").values_list("pk", "room_id").first()
    if erasure.keep_messages or first is None:
        return False
    erasure.after = str(first[0])
    if room := lock_room_or_none(first[1]):
        _delete(room, mine.filter(room=room, pk__gte=first[0]))
    return True


def delete_talks_with_bots(erasure: Erasure) -> bool:
    """What they and a bot said to each other, nobody else can read."""
    with_bot = Membership.objects.filter(room=OuterRef("room"), user__is_bot=True)
    mine = Membership.objects.filter(user=erasure.user_id, room__kind=RoomKind.DIRECT)
    for place in mine.filter(Exists(with_bot), room_id__gte=int(erasure.after or 0)).order_by("room_id")[:1]:
        erasure.after = str(place.room_id)
        room = lock_room_or_none(place.room_id)
        if room is None or not _delete(room, Message.objects.filter(room=room, deleted=False)):
            erasure.after = str(place.room_id + 1)
        return True
    return False


def delete_reactions(erasure: Erasure) -> bool:
    """Theirs, in one room."""
    mine = Reaction.objects.filter(user=erasure.user_id)
    first = mine.order_by("pk").values_list("message__room_id", flat=True).first()
    room = first and lock_room_or_none(first)
    if not room:
        return first is not None
    found = mine.filter(message__room=room).order_by("pk").values_list("pk", "message_id")[:PORTION]
    reactions = dict(found)
    mine.filter(pk__in=reactions).delete()
    changed = Message.objects.for_wire().filter(pk__in=set(reactions.values())).order_by("pk")
    _tell(room, list(changed))
    return True


def leave_rooms(erasure: Erasure) -> bool:
    """One room. Who owned it hands it over, as who leaves does; a private room that nobody is left in is deleted."""
    mine = Membership.objects.filter(user=erasure.user_id).exclude(room__kind=RoomKind.DIRECT).order_by("pk").first()
    if mine is None:
        return False
    room = lock_room_or_none(mine.room_id)
    if not room:
        return True
    others = Membership.objects.filter(room=room, banned=False, user__is_bot=False).exclude(pk=mine.pk)
    if room.kind == RoomKind.PRIVATE and not mine.banned and not others.exists():
        _delete_room(room)
        return True
    mine.delete()
    if mine.role == Role.OWNER and (heir := transfer_ownership(room)) and not room.closed:
        try_to_post_notice(heir, room.id, notice("owner_deleted"))
    return True


def rename_talks(erasure: Erasure) -> bool:
    """The titles of some direct conversations, which have both names."""
    mine = Membership.objects.filter(
        user=erasure.user_id, room__kind=RoomKind.DIRECT, room_id__gt=int(erasure.after or 0)
    )
    rooms = list(mine.order_by("room_id").values_list("room_id", flat=True)[:ROWS])
    names: dict[int, list[str]] = {room_id: [] for room_id in rooms}
    for room_id, name in Membership.objects.filter(room__in=rooms).values_list("room_id", "user__username"):
        names[room_id].append(name)
    Room.objects.bulk_update([Room(pk=id, title=" & ".join(sorted(both))) for id, both in names.items()], ["title"])
    erasure.after = str(rooms[-1]) if rooms else ""
    return bool(rooms)


def delete_invitations(erasure: Erasure) -> bool:
    """Some that they sent; whoever was asked no longer sees them."""
    sent = list(PersonalInvitation.objects.filter(inviter=erasure.user_id)[:PORTION])
    PersonalInvitation.objects.filter(pk__in=[each.pk for each in sent]).delete()
    for user_id in {each.user_id for each in sent if each.state == InvitationState.PENDING}:
        personal_invitations.publish_pending(user_id)
    return bool(sent)


def delete_contacts(erasure: Erasure) -> bool:
    """Some of the other rows that name them."""
    whose: list[tuple[type[Model], str]] = [
        (Block, "user"), (ContactSettings, "user"), (AskBeforeAdding, "user"), (PersonalInvitation, "user"),
        (Invitation, "created_by"),
    ]  # fmt: skip
    if not erasure.keep_messages:  # else what is folded stays folded
        whose.append((Block, "blocked"))
    for model, field in whose:
        rows = model._default_manager.filter(**{field: erasure.user_id})
        if model._default_manager.filter(pk__in=list(rows.values_list("pk", flat=True)[:ROWS])).delete()[0]:
            return True
    created = Room.objects.filter(created_by=erasure.user_id).values_list("pk", flat=True)[:ROWS]
    return bool(Room.objects.filter(pk__in=list(created)).update(created_by=None))


def delete_sessions(erasure: Erasure) -> bool:
    after = accounts.delete_session_batch(erasure.user_id, erasure.after)
    erasure.after = after or ""
    return after is not None


def show_neutral_name(erasure: Erasure) -> bool:
    """Pages of one room load it anew, where messages stay and have another author now."""
    if not erasure.keep_messages:
        return False
    mine = Message.objects.filter(sender=erasure.user_id, deleted=False, room__gt=int(erasure.after or 0))
    room = Room.objects.filter(pk=mine.aggregate(next=Min("room"))["next"]).first()
    if room:
        erasure.after = str(room.pk)
        events.start_afresh(room.name, room.seq)
    return room is not None


def _delete(room: Room, wanted: QuerySet[Message]) -> bool:
    """Make tombstones of the first of these messages of a locked room. Whether there were any."""
    messages = list(wanted.select_related("sender", "reply_to__sender").order_by("pk")[:PORTION])
    if messages:
        make_tombstones(messages, room)
        _tell(room, messages)
    return bool(messages)


def _tell(room: Room, messages: Sequence[Message]) -> None:
    """Give changed messages of a locked room new numbers, and have them told. Others than tombstones: `for_wire`."""
    for message in messages:
        message.room, message.seq = room, room.next_seq()
        events.message(message, reactions=[] if message.deleted else None)
    save_message_numbers(messages)
    room.save(update_fields=["seq"])


def _delete_room(room: Room) -> None:
    """Some of its messages, or what is left of it."""
    messages = list(Message.objects.filter(room=room).order_by("pk")[:PORTION])
    if messages:
        messages_deleted.send(Message, messages=messages, room=room)  # bots stop writing there
        Message.objects.filter(pk__in=[message.pk for message in messages]).delete()
    else:
        room.delete()


STEPS: dict[str, Step] = {
    step.__name__: step
    for step in (
        delete_messages,
        delete_talks_with_bots,
        delete_reactions,
        rename_in_notices,
        leave_rooms,
        rename_talks,
        delete_invitations,
        delete_contacts,
        delete_sessions,
        show_neutral_name,
    )
}


def add_first(*steps: Step) -> None:
    """For other apps, as they are loaded: do these before all others."""
    before = {step.__name__: step for step in steps}
    rest = {name: step for name, step in STEPS.items() if name not in before}
    STEPS.clear()
    STEPS.update(before | rest)


def came_late(erasure: Erasure) -> bool:
    """Whether something of theirs was written while the account was being closed, after its step was done."""
    user_id = erasure.user_id
    late = [
        Membership.objects.filter(user=user_id).exclude(room__kind=RoomKind.DIRECT),
        Reaction.objects.filter(user=user_id),
    ]
    if not erasure.keep_messages:
        late.append(Message.objects.filter(sender=user_id, deleted=False))
    return any(rows.exists() for rows in late)


def extent_of(user: User) -> dict[str, int]:
    """How much there is to erase, for whoever is asked whether that is meant."""
    places = Membership.objects.filter(user=user, banned=False)
    return {
        "messages": Message.objects.filter(sender=user, deleted=False).count(),
        "rooms": places.exclude(room__kind=RoomKind.DIRECT).count(),
        "owned": places.filter(role=Role.OWNER).count(),
    }
