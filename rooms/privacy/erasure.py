"""Erases a user: immediately the account, then in batches their memberships, messages and other rows.

`begin` closes the account. The remaining work is a row (Erasure), which any job worker and the command continue: when
one is interrupted, another takes over. See erasure_steps.py.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.privacy.erasure import anonymize
from accounts.role_changes import is_last_owner
from audit.recording import current_actor, one_act
from presence import sync_client

from ..kernel.errors import ChatError
from ..models import Erasure, Membership, Message, Role, RoomKind
from .erasure_steps import STEPS, has_new_rows

FINAL_STEP = "forget_presence"
# By then Redis has noticed the end of the last socket, and no longer stores when that was.
PRESENCE_DELAY = timedelta(seconds=60)
RETRY_DELAY = timedelta(seconds=60)  # after a batch has failed


def begin(user: User, keep_messages: bool = False) -> None:
    """Close an account for good and begin to erase it. A second call does nothing.

    keep_messages: keep the messages under the placeholder name. Raises ChatError: bot_not_erasable, only_administrator.
    """
    if user.is_bot:
        raise ChatError("bot_not_erasable")
    with transaction.atomic():
        if is_last_owner(user):
            raise ChatError("only_administrator")
        user = User.objects.select_for_update().get(pk=user.pk)
        defaults = {"name": user.username, "keep_messages": keep_messages}
        if Erasure.objects.get_or_create(user=user, defaults=defaults)[1]:
            with one_act("account.erased", actor=current_actor(), person=user.pk):
                anonymize(user)


def is_any_due() -> bool:
    """Whether an erasure waits for its next batch. Job workers ask every 2 s."""
    return Erasure.objects.filter(due__lte=timezone.now()).exists()


def run_next_batch(user_id: int | None = None) -> bool:
    """Run the next batch that is due, of this user or of anybody. Returns whether there was one.

    If it raises an exception, this user's next batch is due after RETRY_DELAY, so others do not have to wait.
    """
    due = Erasure.objects.filter(due__lte=timezone.now()).order_by("due", "pk")
    due = due if user_id is None else due.filter(pk=user_id)
    found = due.values_list("pk", flat=True).first()  # without a lock: usually nothing is due
    if found is None:
        return False
    try:
        with transaction.atomic():
            # Another process may hold the row for its batch: do not wait for it.
            erasure = Erasure.objects.select_for_update(skip_locked=True).filter(pk=found).first()
            if erasure:
                _run_batch(erasure)
    except Exception:
        Erasure.objects.filter(pk=found).update(due=timezone.now() + RETRY_DELAY)
        raise
    return True


def retry_now(user_id: int) -> None:
    """Make the next batch due now, even if the last one has just failed."""
    Erasure.objects.filter(pk=user_id).exclude(step=FINAL_STEP).update(due=F("created"))


def is_done(user_id: int) -> bool:
    """Whether everything is erased, except that the final step may still wait for Redis."""
    return not Erasure.objects.filter(pk=user_id).exclude(step=FINAL_STEP).exists()


def _run_batch(erasure: Erasure) -> None:
    if erasure.step == FINAL_STEP:
        if has_new_rows(erasure):
            Erasure.objects.filter(pk=erasure.pk).update(step="", after="")
        elif sync_client.forget_last_seen(erasure.pk):
            erasure.delete()
        else:
            Erasure.objects.filter(pk=erasure.pk).update(due=timezone.now() + RETRY_DELAY)
        return
    names = list(STEPS)
    # An unknown step is of another version: begin again, since all steps can be repeated.
    at = names.index(erasure.step) if erasure.step in names else 0
    if not STEPS[names[at]](erasure):
        erasure.after = ""
        at += 1
    if at == len(names):
        erasure.name, erasure.step, erasure.due = "", FINAL_STEP, timezone.now() + PRESENCE_DELAY
    else:
        erasure.step = names[at]
    erasure.save()


def count_rows(user: User) -> dict[str, int]:
    """How much there is to erase, to show before confirmation: messages, rooms, and rooms owned."""
    memberships = Membership.objects.filter(user=user, banned=False)
    return {
        "messages": Message.objects.filter(sender=user, deleted=False).count(),
        "rooms": memberships.exclude(room__kind=RoomKind.DIRECT).count(),
        "owned": memberships.filter(role=Role.OWNER).count(),
    }
