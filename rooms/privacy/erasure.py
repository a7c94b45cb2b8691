"""Erases a person: at once who they are, then in portions what ties them to others, and what they wrote.

`begin` closes the account. The rest is a row (Erasure) that any web process works on, and the command that made it:
whoever is ended in between, another goes on. See erasure_steps.py.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.privacy.erasure import anonymize, is_last_administrator
from presence import sync_client

from ..kernel.errors import ChatError
from ..models import Erasure
from .erasure_steps import STEPS, came_late

AFTERWARDS = "forget_presence"
UNTIL_GONE = timedelta(seconds=60)  # then Redis has seen the last socket go, and no longer writes down when that was
AGAIN = timedelta(seconds=60)  # after a portion failed


def begin(user: User, keep_messages: bool = False) -> None:
    """Close an account for good, and have it erased. Beginning twice is once, with the choice made first.

    keep_messages: under a neutral name, the same for all of them. Raises ChatError: invalid, conflict.
    """
    if user.is_bot:
        raise ChatError("bot_not_erasable")
    with transaction.atomic():
        if is_last_administrator(user):
            raise ChatError("only_administrator")
        user = User.objects.select_for_update().get(pk=user.pk)
        defaults = {"name": user.username, "keep_messages": keep_messages}
        if Erasure.objects.get_or_create(user=user, defaults=defaults)[1]:
            anonymize(user)


def go_on(user_id: int | None = None) -> bool:
    """Do the next portion of what is due, of one person or of anybody. Whether there was something to do.

    What it raises does not keep others waiting: the person's turn comes again in a minute.
    """
    due = Erasure.objects.filter(due__lte=timezone.now()).order_by("due", "pk")
    due = due if user_id is None else due.filter(pk=user_id)
    found = due.values_list("pk", flat=True).first()  # without a lock: mostly there is nothing
    if found is None:
        return False
    try:
        with transaction.atomic():
            # Whoever holds it, holds it for one portion; others need not wait meanwhile.
            erasure = Erasure.objects.select_for_update(skip_locked=True).filter(pk=found).first()
            if erasure:
                _do_portion(erasure)
    except Exception:
        Erasure.objects.filter(pk=found).update(due=timezone.now() + AGAIN)
        raise
    return True


def try_again(user_id: int) -> None:
    """Now, though the last portion failed a moment ago."""
    Erasure.objects.filter(pk=user_id).exclude(step=AFTERWARDS).update(due=F("created"))


def is_done(user_id: int) -> bool:
    """Whether nothing is left in the database but the row that waits for Redis."""
    return not Erasure.objects.filter(pk=user_id).exclude(step=AFTERWARDS).exists()


def _do_portion(erasure: Erasure) -> None:
    if erasure.step == AFTERWARDS:
        if came_late(erasure):
            Erasure.objects.filter(pk=erasure.pk).update(step="", after="")
        elif sync_client.forget_last_seen(erasure.pk):
            erasure.delete()
        else:
            Erasure.objects.filter(pk=erasure.pk).update(due=timezone.now() + AGAIN)
        return
    names = list(STEPS)
    # A step that this version does not know was one of another version: all of them can be done again.
    at = names.index(erasure.step) if erasure.step in names else 0
    if not STEPS[names[at]](erasure):
        erasure.after = ""
        at += 1
    if at == len(names):
        erasure.name, erasure.step, erasure.due = "", AFTERWARDS, timezone.now() + UNTIL_GONE
    else:
        erasure.step = names[at]
    erasure.save()
