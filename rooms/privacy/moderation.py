"""What moderators have to do with, in an export, and what is left of it when somebody is erased."""

from collections.abc import Iterator

from django.db.models import Model

from accounts.models import User

from ..models import BANNED_NOW, Evidence, FormerReader, LastPost, Membership, Removal, Report, Timeout
from .batches import in_batches, with_titles

OWN_LIMITS: list[tuple[type[Model], str]] = [(Timeout, "user"), (LastPost, "user"), (FormerReader, "user")]


def iter_removals(user: User) -> Iterator[dict | None]:
    """Rooms that a moderator took this person out of; until when and why they are banned."""
    bans = {
        place.room_id: {"until": place.banned_until, "reason": place.ban.reason if hasattr(place, "ban") else ""}
        for place in Membership.objects.filter(BANNED_NOW, user=user).select_related("ban")
    }
    for each, title in with_titles(user, Removal.objects.filter(user=user)):
        ban = bans.get(each.room_id)
        yield {"room": title, "since": each.created, "banned": ban is not None, **(ban or {})}


def iter_reports(user: User) -> Iterator[dict]:
    """What this person has reported. Nobody learns that they were reported."""
    for batch in in_batches(Report.objects.filter(reporter=user).select_related("person")):
        for each in batch:
            yield {
                "person": each.person.username,
                "message": each.message_id,
                "reason": each.reason,
                "words": each.words,
                "created": each.created,
                "decision": each.decision,
                "decided": each.decided,
            }


def forget_as_moderator(user_id: int) -> None:
    """What this person wrote in reports goes. That there was one is left, for whoever decides about it or has decided.
    The timeouts that they imposed go on."""
    Timeout.objects.filter(actor=user_id).update(actor=None)
    Report.objects.filter(reporter=user_id).update(reporter=None, words="")
    Report.objects.filter(decided_by=user_id).update(note="")
    Evidence.objects.filter(sender=user_id).update(text="", files=[])
