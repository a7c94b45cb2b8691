"""Regular work: each piece is put into the queue when its time has come, once on all hosts."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks.base import Task

from .models import Turn


def enqueue_due(plan: Mapping[Task, timedelta]) -> int:
    """plan: how often each is to run. What is new runs at once. Returns how many were enqueued."""
    now, times = timezone.now(), dict(Turn.objects.values_list("name", "due"))
    due = [task for task in plan if times.get(task.module_path, now) <= now]
    return sum(_begin(task, now + plan[task]) for task in due)


def _begin(task: Task, again: object) -> bool:
    """False: another worker was faster."""
    now = timezone.now()
    with transaction.atomic():
        Turn.objects.get_or_create(name=task.module_path, defaults={"due": now})
        if not Turn.objects.filter(name=task.module_path, due__lte=now).update(due=again):
            return False
        task.enqueue()
    return True
