"""Exports and erases what is stored to mail people what they missed."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from rooms.models import Erasure
from rooms.privacy import erasure_steps
from rooms.privacy.personal_data import Section

from ..mail.kinds import MailKind
from ..models import Digest, MailSettings, mail_settings_of

BATCH_SIZE = 500


def collect_personal_data(sender: Any, user: User, **_signal: Any) -> list[Section]:
    return [
        Section("mail_settings", _("What is mailed to you"), _settings(user)),
        Section("digests", _("Mails about what you missed"), _digests(user)),
    ]


def connect_erasure() -> None:
    """Called once, when the app is ready."""
    erasure_steps.prepend_steps(forget_mails)


def forget_mails(erasure: Erasure) -> bool:
    """A step of an erasure: settings at once, mails in batches. Returns whether there may be more."""
    MailSettings.objects.filter(pk=erasure.user_id).delete()
    mine = Digest.objects.filter(user=erasure.user_id).values_list("pk", flat=True)[:BATCH_SIZE]
    return bool(Digest.objects.filter(pk__in=list(mine)).delete()[0])


def _settings(user: User) -> dict:
    chosen = mail_settings_of(user.pk)
    return {f"mail_{kind}": getattr(chosen, kind.value) for kind in MailKind} | {"mail_content": chosen.content}


def _digests(user: User) -> Iterator[dict]:
    for each in Digest.objects.filter(user=user).order_by("pk"):
        yield {"created": each.created, "state": each.state}
