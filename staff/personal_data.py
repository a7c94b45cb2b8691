"""Exports what the audit log holds about a person."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.models import Entry
from rooms.privacy.personal_data import Section

from .audit_lines import lines

BATCH_SIZE = 500


def collect_personal_data(sender: Any, user: User, **_signal: Any) -> list[Section]:
    return [Section("audit_log", _("Audit log"), _entries(user))]


def _entries(user: User) -> Iterator[dict]:
    after = 0
    while batch := list(Entry.objects.concerning(user.pk).filter(pk__gt=after).order_by("pk")[:BATCH_SIZE]):
        for entry, line in zip(batch, lines(user, batch), strict=True):
            # Others' names are not the person's data.
            by = _("you") if entry.actor == user.pk else _("somebody else")
            yield {
                "created": line.made,
                "by": str(by),
                "what": line.sentence if entry.person in (None, user.pk) else line.act,
            }
        after = batch[-1].pk
