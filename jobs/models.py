"""Jobs, and when regular work is due again."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus

READY, RUNNING = TaskResultStatus.READY.value, TaskResultStatus.RUNNING.value
FAILED, SUCCESSFUL = TaskResultStatus.FAILED.value, TaskResultStatus.SUCCESSFUL.value
_STATES = [(READY, _("waiting")), (RUNNING, _("running")), (FAILED, _("failed")), (SUCCESSFUL, _("done"))]


class Job(models.Model):
    """A function call that a worker makes later, at least once. It holds ids, and nothing that people wrote."""

    task = models.CharField(_("task"), max_length=200)  # where the function is, as in `import`
    arguments = models.JSONField(_("arguments"), default=dict)  # {"args": […], "kwargs": {…}}
    digest = models.CharField(max_length=64, editable=False)  # of both, so that the same job never waits twice
    state = models.CharField(_("state"), max_length=10, choices=_STATES, default=READY)
    priority = models.SmallIntegerField(_("priority"), default=0)  # the highest first
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    run_after = models.DateTimeField(_("not before"), default=timezone.now)
    created = models.DateTimeField(_("created"), default=timezone.now)
    started = models.DateTimeField(_("started"), null=True, blank=True)
    finished = models.DateTimeField(_("finished"), null=True, blank=True)
    worker = models.CharField(_("worker"), max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)  # afterwards its worker counts as dead
    error = models.CharField(_("error"), max_length=200, blank=True)  # its class; the message may be private
    where = models.TextField(_("where it failed"), blank=True)  # lines of code

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=Q(state=READY), name="job_waits_once"),
        ]
        indexes = [
            models.Index(fields=["-priority", "run_after"], condition=Q(state=READY), name="job_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state=RUNNING), name="job_running"),
            models.Index(fields=["state", "finished"], name="job_finished"),
        ]

    def __str__(self):
        return f"{self.task.rpartition('.')[2]} {self.pk}"


class Turn(models.Model):
    """When a task of the regular work is due again."""

    name = models.CharField(max_length=200, unique=True)
    due = models.DateTimeField()

    def __str__(self):
        return self.name
