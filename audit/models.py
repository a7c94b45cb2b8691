"""Acts of staff, of moderators, and of people on their own accounts, and the chain of hashes over them.

Rows are only inserted, and deleted when they are too old. Both tables hold ids without foreign keys, so an entry stays
as it was written when its person or room is deleted.
"""

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EntryQuerySet(models.QuerySet["Entry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("Entries of the audit log are never changed.")

    def concerning(self, user_id: int) -> "EntryQuerySet":
        """What this person did, and what was done to them."""
        return self.filter(models.Q(actor=user_id) | models.Q(person=user_id))


class Entry(models.Model):
    """One act. Nothing in it is text that people have written, but for names of things that staff manage."""

    made = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    act = models.CharField(_("act"), max_length=40, editable=False)  # a key of acts.ACTS
    # Ids of accounts. actor: None for commands and regular work. person: whom it concerns.
    actor = models.BigIntegerField(null=True, editable=False)
    person = models.BigIntegerField(null=True, editable=False)
    room = models.BigIntegerField(null=True, editable=False)  # its id
    params = models.JSONField(default=dict, editable=False)  # the other parameters of the act's sentence

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")
        indexes = [
            models.Index(fields=["made"], name="audit_made"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(fields=["person", "-id"], name="audit_person"),
            models.Index(fields=["room", "-id"], name="audit_room"),
        ]

    def __str__(self):
        return f"{self.act} {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("Entries of the audit log are never changed.")
        super().save(*args, **kwargs)


class Seal(models.Model):
    """The place of an entry in the chain: its hash covers the entry and the seal before it (chain.py)."""

    position = models.BigIntegerField(primary_key=True)  # 1, 2, 3, …
    entry = models.BigIntegerField(unique=True)  # its id
    hash = models.CharField(max_length=64)  # SHA-256 in hexadecimal

    def __str__(self):
        return f"{self.position} {self.hash[:12]}"
