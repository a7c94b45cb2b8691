"""Bans as rows: why they were made, and how they end. Who may ban whom is in moderation.py."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from jobs.portions import run_portions

from ..kernel.errors import ChatError
from ..kernel.explanations import check_explanation
from ..kernel.slugs import NAME_PATTERN
from ..models import BAN_HAS_ENDED, BANNED_NOW, MAX_BAN_REASON, Ban, Membership, Removal, Role, Room
from .room_notifications import notify_of_ended_ban

BATCH_SIZE = 50  # rows in one transaction
PAUSE = 0.05  # seconds after it


@dataclass(frozen=True, slots=True)
class Terms:
    """reason: why; empty: nobody is told. until: None: until somebody lifts the ban."""

    reason: str = ""
    until: datetime | None = None


def check_terms(reason: str = "", until: datetime | None = None) -> Terms:
    """The terms of a ban, as they are stored. Raises ChatError: ban_ended_before, explanation_too_long,
    hidden_characters."""
    if until is not None and until <= timezone.now():
        raise ChatError("ban_ended_before")
    return Terms(check_explanation(reason, MAX_BAN_REASON), until)


def set_ban(room: Room, user_id: int, actor_id: int, terms: Terms) -> None:
    """Ban somebody from a room, whether they belong to it or not. Call it in a transaction."""
    out = {"banned": True, "role": Role.MEMBER, "banned_until": terms.until}
    place, _made = Membership.objects.update_or_create(
        room=room, user_id=user_id, defaults=out, create_defaults=out | {"read_seq": room.seq}
    )
    why = {"by_id": actor_id, "reason": terms.reason, "created": timezone.now()}
    Ban.objects.update_or_create(place=place, defaults=why)


def standing_ban(user_id: int, room_name: str) -> Membership | None:
    """What keeps this person out of the room of that name; its `ban` may be missing."""
    if not NAME_PATTERN.match(room_name):
        return None
    places = Membership.objects.filter(BANNED_NOW, user=user_id, room__name=room_name, room__deleted=None)
    return places.select_related("ban", "room").first()


@task
def end_bans() -> None:
    """Delete places whose ban has ended, and tell those who were members. They count for nothing already."""
    if run_portions(_end_some, PAUSE):
        end_bans.enqueue()


@transaction.atomic
def _end_some() -> bool:
    ended = Membership.objects.filter(BAN_HAS_ENDED).order_by("pk")
    # Locked: somebody may be banned anew at this moment.
    places = list(ended.select_for_update(of=("self",)).select_related("room")[:BATCH_SIZE])
    for place in places:
        was_member = Removal.objects.filter(room=place.room, user=place.user_id, banned=True).update(banned=False)
        if was_member and not place.room.deleted:
            notify_of_ended_ban(place.user_id, place.room)
    Membership.objects.filter(pk__in=[place.pk for place in places]).delete()
    return bool(places)
