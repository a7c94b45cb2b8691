"""What people think of answers."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .run import Run


class Feedback(models.Model):
    """What somebody thinks of an answer."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="feedback")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_good = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    given = models.DateTimeField(default=timezone.now)  # before `run.queued`: of an earlier answer

    class Meta:
        verbose_name = verbose_name_plural = _("feedback on answers")
        constraints = [models.UniqueConstraint(fields=["run", "user"], name="one_feedback_a_person")]
        indexes = [models.Index(fields=["given"], name="feedback_of_the_day")]

    def __str__(self):
        return f"{self.user} on {self.run}: {'good' if self.is_good else 'bad'}"
