"""What people may do without asking each other: add somebody to a room, and see whether they are online."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User

from ..models import (
    AskBeforeAdding,
    Block,
    ContactSettings,
    InvitationState,
    Membership,
    Message,
    PersonalInvitation,
    Room,
    RoomKind,
)

ADDED_A_DAY = 10  # times that one person adds the same other to rooms without asking
DAY = timedelta(days=1)


def may_add(actor: User, guest: User, room: Room) -> bool:
    """Whether `guest` need not be asked: they share a room with `actor`, or both wrote in their direct messages.

    Somebody who has left this room or declined to come, who wants to be asked always, who blocks the actor, or whom
    the actor has added often today, is asked. A bot, which could not answer, never is.
    """
    return guest.is_bot or not _wants_to_be_asked(actor, guest, room) and _know_each_other(actor, guest)


SETTINGS = ("ask_before_adding", "hide_presence", "show_local_time")


def settings_of(user_id: int) -> ContactSettings:
    """The person's row, or an unsaved one with the defaults."""
    return ContactSettings.objects.filter(pk=user_id).first() or ContactSettings(user_id=user_id)


def save_settings(user_id: int, **chosen: bool) -> None:
    """chosen: any of SETTINGS."""
    ContactSettings.objects.update_or_create(user_id=user_id, defaults=chosen)


def _wants_to_be_asked(actor: User, guest: User, room: Room) -> bool:
    added = PersonalInvitation.objects.filter(inviter=actor, user=guest, state=InvitationState.ADDED)
    return (
        Block.objects.filter(user=guest, blocked=actor).exists()
        or AskBeforeAdding.objects.filter(room=room, user=guest).exists()
        or ContactSettings.objects.filter(user=guest, ask_before_adding=True).exists()
        or added.filter(created__gt=timezone.now() - DAY).count() >= ADDED_A_DAY
    )


def who_shows_presence(to: int, among: Iterable[int]) -> set[int]:
    """Those of these people who let the person with the id `to` see whether and when they are online.

    They know that person, do not block them and do not hide their presence. One query, however many there are.
    """
    blocks = Block.objects.filter(user=OuterRef("pk"), blocked_id=to)
    hides = ContactSettings.objects.filter(user=OuterRef("pk"), hide_presence=True)
    people = User.objects.filter(~Exists(blocks), ~Exists(hides), pk__in=list(among))
    return set(_known_to(to, people).values_list("pk", flat=True))


def _know_each_other(one: User, other: User) -> bool:
    return _known_to(one.id, User.objects.filter(pk=other.pk)).exists()


def _known_to(user_id: int, people: QuerySet[User]) -> QuerySet[User]:
    """Those of these people who share a room with a person, or have answered them in direct messages."""
    mine = Membership.objects.filter(room=OuterRef("room"), user_id=user_id, banned=False)
    theirs = Membership.objects.filter(Exists(mine), user=OuterRef("pk"), banned=False)
    i_wrote = Message.objects.filter(room=OuterRef("room"), sender_id=user_id)
    they_wrote = Message.objects.filter(room=OuterRef("room"), sender=OuterRef("user"))
    answered = theirs.filter(Exists(i_wrote), Exists(they_wrote), room__kind=RoomKind.DIRECT)
    return people.filter(
        Exists(theirs.filter(room__deleted=None).exclude(room__kind=RoomKind.DIRECT)) | Exists(answered)
    )
