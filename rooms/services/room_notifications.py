"""Notifications without a message: invitations, and what moderators did to a person or to one of their rooms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django_tasks import task

from accounts.models import User

from ..models import (
    MUTED_NOW,
    NEVER_PUSHED,
    OF_WHOLE_ROOM,
    Level,
    Membership,
    ModerationNote,
    Notification,
    NotificationKind,
    Room,
)
from .notification_counts import announce_ended, publish_counts
from .notification_sql import due_times

BATCH_SIZE = 100  # people in one transaction


def notify_of_invitation(user_id: int, room: Room, actor_id: int, heard: bool) -> None:
    """Notify a person of an invitation. All pending ones into a room are one row. `follow_invitations` publishes it.

    heard: False when the person blocks the inviter. There is a row all the same, which nobody sees, so that the inviter
    cannot measure a difference.
    """
    key: dict[str, Any] = {"user_id": user_id, "room": room, "kind": NotificationKind.INVITATION}
    new = {"actor_id": actor_id, "seq": 0, **due_times()}
    if heard:
        Notification.objects.update_or_create(**key, defaults=new | {"read": None, "done": None})
    else:
        Notification.objects.get_or_create(**key, defaults=new)


def follow_invitations(user_id: int, inviters: Mapping[int, int]) -> None:
    """A person's pending invitations have changed. inviters: who has invited them last, by room."""
    rows = Notification.objects.filter(user=user_id, kind=NotificationKind.INVITATION)
    for room_id, inviter_id in inviters.items():
        rows.filter(room=room_id).exclude(actor=inviter_id).update(actor=inviter_id)
    announce_ended({user_id})


def notify_of_moderation(user_id: int, room: Room, actor: User, what: ModerationNote) -> None:
    """Notify a person of what a moderator did to them, in that transaction. Nobody is notified of their own actions."""
    if user_id != actor.pk and User.objects.filter(pk=user_id, is_bot=False).exists():
        Notification.objects.create(**_note(user_id, room, actor.pk, what))
        publish_counts({user_id})


def notify_of_ownership(heir_id: int, room: Room) -> None:
    """A room went to the next person, in this transaction, because its owner left. It names nobody: the owner may be
    somebody whose account is being erased."""
    Notification.objects.create(**_note(heir_id, room, heir_id, ModerationNote.OWNS_ROOM))
    publish_counts({heir_id})


def notify_of_ended_ban(user_id: int, room: Room) -> None:
    """A ban has ended as it was to, in this transaction. Nobody did that, so it names nobody."""
    if User.objects.filter(pk=user_id, is_bot=False).exists():
        Notification.objects.create(**_note(user_id, room, user_id, ModerationNote.BAN_ENDED))
        publish_counts({user_id})


def notify_of_report(moderator_id: int, room: Room, reporter: User) -> None:
    """Somebody has reported a message, in this transaction."""
    notify_of_moderation(moderator_id, room, reporter, ModerationNote.REPORTED)


def notify_of_decision(reporter_id: int, room: Room, actor: User) -> None:
    """A moderator has decided about a report, in this transaction."""
    notify_of_moderation(reporter_id, room, actor, ModerationNote.REPORT_DECIDED)


@task
def notify_members(room_id: int, actor_id: int, what: str, since: str) -> None:
    """Notify a room's members of what a moderator did to it, unless they have turned the room off.

    since: when it was done. Whoever was notified after that is left out when this runs twice.
    """
    moment, after = datetime.fromisoformat(since), 0
    told = Notification.objects.filter(
        user=OuterRef("user"), room=room_id, kind=NotificationKind.MODERATION, what=what, created__gte=moment
    )
    places = Membership.objects.filter(~Exists(told), room=room_id, banned=False, joined__lte=moment)
    places = places.filter(user__is_active=True, user__is_bot=False).exclude(user=actor_id)
    places = places.exclude(MUTED_NOW).exclude(level=Level.NOTHING)
    while some := list(places.filter(pk__gt=after).order_by("pk").values_list("pk", "user_id")[:BATCH_SIZE]):
        after = some[-1][0]
        with transaction.atomic():
            room = Room.objects.filter(pk=room_id).first()
            if room is None or not _still(room, what):
                return
            rows = [Notification(**_note(user_id, room, actor_id, what)) for _id, user_id in some]
            Notification.objects.bulk_create(rows)
            publish_counts({user_id for _id, user_id in some})


@task
def withdraw_note(room_id: int, what: str) -> None:
    """What was done to the room has been undone."""
    rows = Notification.objects.filter(room=room_id, kind=NotificationKind.MODERATION, what=what).order_by("pk")
    while some := dict(rows.values_list("pk", "user_id")[:BATCH_SIZE]):
        with transaction.atomic():
            Notification.objects.filter(pk__in=some.keys()).delete()
            announce_ended(set(some.values()))


def _still(room: Room, what: str) -> bool:
    return bool(room.deleted) if what == ModerationNote.ROOM_DELETED else room.archived


def _note(user_id: int, room: Room, actor_id: int, what: str) -> dict[str, Any]:
    """A notification about the room itself: shown in the inbox, without push or mail."""
    times: dict[str, datetime | None] = {**due_times()}
    if what in (*NEVER_PUSHED, *OF_WHOLE_ROOM):
        times["push_after"] = None
    if what in OF_WHOLE_ROOM:
        times["mail_after"] = None
    about = {"kind": NotificationKind.MODERATION, "what": what, "title": room.title, "seq": 0}
    return {"user_id": user_id, "room": room, "actor_id": actor_id, **about, **times}
