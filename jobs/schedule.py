"""Enqueues regular work when it is due or has something to do: once, however many workers look."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks.base import Task

from .models import READY, Job, Turn

Plan = Mapping[Task, timedelta]  # how often each task runs
# Whether each task has something to do, found by one query that uses an index and writes nothing.
Watched = Mapping[Task, Callable[[], bool]]


def enqueue_due(plan: Plan) -> int:
    """Enqueue what is due. A new task is due at once. Returns how many were enqueued."""
    now, times = timezone.now(), dict(Turn.objects.values_list("name", "due"))
    due = [task for task in plan if times.get(task.module_path, now) <= now]
    return sum(_begin(task, now + plan[task]) for task in due)


def enqueue_wanted(watched: Watched) -> int:
    """Enqueue tasks that have something to do and do not wait already. Returns how many."""
    wanted = {task.module_path: task for task, has_work in watched.items() if has_work()}
    if wanted:
        for path in Job.objects.filter(task__in=wanted, state=READY).values_list("task", flat=True):
            wanted.pop(path, None)
    for task in wanted.values():
        task.enqueue()
    return len(wanted)


def _begin(task: Task, again: object) -> bool:
    """False: another worker was faster."""
    now = timezone.now()
    with transaction.atomic():
        Turn.objects.get_or_create(name=task.module_path, defaults={"due": now})
        if not Turn.objects.filter(name=task.module_path, due__lte=now).update(due=again):
            return False
        task.enqueue()
    return True
