"""Who may reach whom. Rows only; `models` imports this module, because Django looks for models there."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class BlockQuerySet(models.QuerySet):
    def ids(self, user_id: int) -> frozenset[int]:
        """The ids of those whom this person has blocked."""
        return frozenset(self.filter(user_id=user_id).values_list("blocked_id", flat=True))

    def blockers(self, user_id: int, among) -> set[int]:
        """Those among these ids who have blocked this person. Never to be shown to them."""
        found = self.filter(user_id__in=list(among), blocked_id=user_id) if among else self.none()
        return set(found.values_list("user_id", flat=True))


class Block(models.Model):
    """`user` wants to hear nothing of `blocked`. Only `user` ever learns of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "blocked"], name="one_block_a_pair")]

    def __str__(self):
        return f"{self.user_id} blocks {self.blocked_id}"
