"""The steps of an erasure. Each call handles one batch, in a transaction that locks one room at most, and can be
repeated after an interruption.

A step gets the Erasure, may advance its `after`, and returns whether there may be more to do.
"""

from collections.abc import Callable, Sequence

from django.db.models import Exists, Min, Model, OuterRef, QuerySet

from accounts.privacy import erasure as accounts

from ..kernel.notices import notice
from ..models import (
    AskBeforeAdding,
    Attachment,
    Block,
    ContactSettings,
    Erasure,
    GroupMember,
    Invitation,
    InvitationState,
    Membership,
    Message,
    Notification,
    NotificationSettings,
    OwnEmoji,
    PartialUpload,
    PeopleGroup,
    PersonalInvitation,
    PersonPicture,
    Reaction,
    Removal,
    Role,
    Room,
    RoomKind,
)
from ..publishing import events
from ..services import attachments, personal_invitations, resumable
from ..services.deletion import delete_some
from ..services.notices import try_to_post_notice
from ..services.ownership import transfer_ownership
from ..services.room_locks import lock_room_or_none
from ..services.room_notifications import notify_of_ownership
from ..services.sql import save_message_numbers
from ..services.tombstones import make_tombstones
from .erasure_notices import rename_in_notices, rename_in_removals
from .moderation import OWN_LIMITS, forget_as_moderator

BATCH_SIZE = 50  # messages in one transaction: each change is sent to everybody in the room
ROW_BATCH_SIZE = 500  # rows whose change is not sent to anybody

Step = Callable[[Erasure], bool]


def delete_messages(erasure: Erasure) -> bool:
    """Make tombstones of some of the user's messages in one room."""
    mine = Message.objects.filter(sender=erasure.user_id, deleted=False)
    # Continue after the last id: skipping deleted messages would make each batch slower.
    first = mine.filter(pk__gt=int(erasure.after or 0)).order_by("pk").values_list("pk", "room_id").first()
    if erasure.keep_messages or first is None:
        return False
    erasure.after = str(first[0])
    if room := lock_room_or_none(first[1]):
        _delete_batch(room, mine.filter(room=room, pk__gte=first[0]))
    return True


def delete_direct_messages_with_bots(erasure: Erasure) -> bool:
    """Make tombstones of both sides of the user's direct messages with bots, which nobody else can read."""
    with_bot = Membership.objects.filter(room=OuterRef("room"), user__is_bot=True)
    mine = Membership.objects.filter(user=erasure.user_id, room__kind=RoomKind.DIRECT)
    for membership in mine.filter(Exists(with_bot), room_id__gte=int(erasure.after or 0)).order_by("room_id")[:1]:
        erasure.after = str(membership.room_id)
        room = lock_room_or_none(membership.room_id)
        if room is None or not _delete_batch(room, Message.objects.filter(room=room, deleted=False)):
            erasure.after = str(membership.room_id + 1)
        return True
    return False


def delete_unsent_files(erasure: Erasure) -> bool:
    """Delete the files that the user uploaded but did not send; the others go with their messages."""
    for upload in PartialUpload.objects.filter(uploader=erasure.user_id)[:ROW_BATCH_SIZE]:
        resumable.give_up(upload)
    mine = Attachment.objects.filter(uploader=erasure.user_id, message=None)
    return bool(attachments.discard(mine[:ROW_BATCH_SIZE]))


def delete_reactions(erasure: Erasure) -> bool:
    """Delete some of the user's reactions in one room."""
    mine = Reaction.objects.filter(user=erasure.user_id)
    first = mine.order_by("pk").values_list("message__room_id", flat=True).first()
    room = first and lock_room_or_none(first)
    if not room:
        return first is not None
    found = mine.filter(message__room=room).order_by("pk").values_list("pk", "message_id")[:BATCH_SIZE]
    reactions = dict(found)
    mine.filter(pk__in=reactions).delete()
    changed = Message.objects.for_wire().filter(pk__in=set(reactions.values())).order_by("pk")
    _publish_changes(room, list(changed))
    return True


def leave_rooms(erasure: Erasure) -> bool:
    """Leave one room: an owner is succeeded as when leaving; a private room without other people is deleted."""
    mine = Membership.objects.filter(user=erasure.user_id).exclude(room__kind=RoomKind.DIRECT).order_by("pk").first()
    if mine is None:
        return False
    room = lock_room_or_none(mine.room_id)
    if not room:
        return True
    others = Membership.objects.filter(room=room, banned=False, user__is_bot=False).exclude(pk=mine.pk)
    if room.kind == RoomKind.PRIVATE and not mine.banned and not others.exists():
        delete_some(room, BATCH_SIZE)
        return True
    mine.delete()
    if mine.role == Role.OWNER and (successor := transfer_ownership(room)):
        if not room.archived:
            try_to_post_notice(successor, room.id, notice("owner_deleted"))
        notify_of_ownership(successor.pk, room)
    return True


def rename_direct_messages(erasure: Erasure) -> bool:
    """Update the titles of some direct messages, which contain both names."""
    mine = Membership.objects.filter(
        user=erasure.user_id, room__kind=RoomKind.DIRECT, room_id__gt=int(erasure.after or 0)
    )
    rooms = list(mine.order_by("room_id").values_list("room_id", flat=True)[:ROW_BATCH_SIZE])
    names: dict[int, list[str]] = {room_id: [] for room_id in rooms}
    for room_id, name in Membership.objects.filter(room__in=rooms).values_list("room_id", "user__username"):
        names[room_id].append(name)
    Room.objects.bulk_update([Room(pk=id, title=" & ".join(sorted(both))) for id, both in names.items()], ["title"])
    erasure.after = str(rooms[-1]) if rooms else ""
    return bool(rooms)


def delete_invitations(erasure: Erasure) -> bool:
    """Delete some of the invitations that the user sent; their recipients no longer see them."""
    sent = list(PersonalInvitation.objects.filter(inviter=erasure.user_id)[:BATCH_SIZE])
    PersonalInvitation.objects.filter(pk__in=[each.pk for each in sent]).delete()
    for user_id in {each.user_id for each in sent if each.state == InvitationState.PENDING}:
        personal_invitations.publish_pending(user_id)
    return bool(sent)


def delete_contacts(erasure: Erasure) -> bool:
    """Delete some of the other rows that refer to the user."""
    references: list[tuple[type[Model], str]] = [
        (Block, "user"), (ContactSettings, "user"), (AskBeforeAdding, "user"), (PersonalInvitation, "user"),
        (Removal, "user"), (Invitation, "created_by"), (Notification, "user"), (Notification, "actor"),
        (PersonPicture, "user"), (NotificationSettings, "user"), (GroupMember, "user"), *OWN_LIMITS,
    ]  # fmt: skip
    if not erasure.keep_messages:  # otherwise their messages stay folded
        references.append((Block, "blocked"))
    for model, field in references:
        rows = model._default_manager.filter(**{field: erasure.user_id})
        if model._default_manager.filter(pk__in=list(rows.values_list("pk", flat=True)[:ROW_BATCH_SIZE])).delete()[0]:
            return True
    forget_as_moderator(erasure.user_id)
    OwnEmoji.objects.filter(added_by=erasure.user_id).update(added_by=None)
    PeopleGroup.objects.filter(created_by=erasure.user_id).update(created_by=None)
    created = Room.objects.filter(created_by=erasure.user_id).values_list("pk", flat=True)[:ROW_BATCH_SIZE]
    if Room.objects.filter(pk__in=list(created)).update(created_by=None):
        return True
    pinned = Message.objects.filter(pinned_by=erasure.user_id).values_list("pk", flat=True)[:ROW_BATCH_SIZE]
    return bool(Message.objects.filter(pk__in=list(pinned)).update(pinned_by=None))  # they stay pinned


def delete_sessions(erasure: Erasure) -> bool:
    """One batch of sign-ins.

    Sessions cannot be looked up by person, so `after` keeps how far all of them were searched.
    """
    after = accounts.delete_session_batch(erasure.user_id, erasure.after)
    erasure.after = after or ""
    return after is not None


def show_placeholder_name(erasure: Erasure) -> bool:
    """Make open pages of one room reload, in which messages are kept under the placeholder name."""
    if not erasure.keep_messages:
        return False
    mine = Message.objects.filter(sender=erasure.user_id, deleted=False, room__gt=int(erasure.after or 0))
    room = Room.objects.filter(pk=mine.aggregate(next=Min("room"))["next"]).first()
    if room:
        erasure.after = str(room.pk)
        events.start_afresh(room.name, room.seq)
    return room is not None


def _delete_batch(room: Room, messages: QuerySet[Message]) -> bool:
    """Make tombstones of the first of these messages of a locked room. Returns whether there were any."""
    batch = list(messages.select_related("sender", "reply_to__sender").order_by("pk")[:BATCH_SIZE])
    if batch:
        make_tombstones(batch, room)
        _publish_changes(room, batch)
    return bool(batch)


def _publish_changes(room: Room, messages: Sequence[Message]) -> None:
    """Give changed messages of a locked room new numbers, and publish them.

    messages: tombstones, or messages loaded with `for_wire`.
    """
    for message in messages:
        message.room, message.seq = room, room.next_seq()
        events.message(message, reactions=[] if message.deleted else None)
    save_message_numbers(messages)
    room.save(update_fields=["seq"])


# By the name that Erasure.step stores: do not change the keys, which other versions read.
STEPS: dict[str, Step] = {
    "delete_messages": delete_messages,
    "delete_talks_with_bots": delete_direct_messages_with_bots,
    "delete_unsent_files": delete_unsent_files,
    "delete_reactions": delete_reactions,
    "rename_in_notices": rename_in_notices,
    "rename_in_removals": rename_in_removals,
    "leave_rooms": leave_rooms,
    "rename_talks": rename_direct_messages,
    "delete_invitations": delete_invitations,
    "delete_contacts": delete_contacts,
    "delete_sessions": delete_sessions,
    "show_neutral_name": show_placeholder_name,
}


def prepend_steps(*steps: Step) -> None:
    """Add steps of another app before all others. Called while apps are loaded; steps are stored by function name."""
    added = {step.__name__: step for step in steps}
    rest = {name: step for name, step in STEPS.items() if name not in added}
    STEPS.clear()
    STEPS.update(added | rest)


def has_new_rows(erasure: Erasure) -> bool:
    """Whether the user has rows that were written while the account was being closed, after their step was done."""
    user_id = erasure.user_id
    late = [
        Membership.objects.filter(user=user_id).exclude(room__kind=RoomKind.DIRECT),
        Reaction.objects.filter(user=user_id),
        Attachment.objects.filter(uploader=user_id, message=None),
        PartialUpload.objects.filter(uploader=user_id),
    ]
    if not erasure.keep_messages:
        late.append(Message.objects.filter(sender=user_id, deleted=False))
    return any(rows.exists() for rows in late)
