from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import WrittenByProgram

from . import queue
from .models import Job


@admin.register(Job)
class JobAdmin(WrittenByProgram):
    """Shows jobs that wait, run or have failed. Staff can run failed ones again, or remove them."""

    list_display = ["__str__", "state", "attempts", "run_after", "finished", "error"]
    list_filter = ["state", "task"]
    fields = [
        "task", "arguments", "state", "priority", "attempts", "created", "run_after", "started", "finished", "worker",
        "error", "where",
    ]  # fmt: skip
    date_hierarchy = "created"
    actions = ["run_again"]

    @admin.action(description=_("Run again those that failed"), permissions=["delete"])
    def run_again(self, request, jobs):
        """An action on failed jobs: each gets all its attempts once more."""
        count = queue.run_again(list(jobs))
        self.message_user(request, ngettext("%d job waits again.", "%d jobs wait again.", count) % count)
