"""Keeps Django's tasks (`@task`, `.enqueue()`) in the database. A job exists when the transaction that enqueued it has
committed; a worker (`worker.py`) runs it.

We do not use django-tasks' own database backend (django-tasks-db 0.13). It runs a task once, without a second attempt;
a job whose worker was killed stays "running" for ever; and an idle worker locks an SQLite database for writing once a
second. Only the storage is our own: callers use the API that Django 6 has built in.
"""

import re
from typing import Any

from django.utils import timezone
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import normalize_json

from . import queue
from .models import FAILED, Job

_NAME = re.compile(r"[\w.:+/-]{0,100}", re.ASCII)


class DatabaseBackend(BaseTaskBackend):
    supports_defer = supports_async_task = supports_get_result = supports_priority = True

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        """Enqueue a job, unless the same waits already. Raises ValueError for arguments that are no ids or names."""
        self.validate_task(task)
        arguments = normalize_json({"args": args, "kwargs": kwargs})
        for value in [*arguments["args"], *arguments["kwargs"].values()]:
            if isinstance(value, str) and not _NAME.fullmatch(value) or isinstance(value, list | dict):
                raise ValueError("A job is given ids and names: what people wrote is read when it runs.")
        row = queue.put(task.module_path, arguments, task.priority, task.run_after or timezone.now())
        return result_of(row, task)

    def get_result(self, result_id: str) -> TaskResult:
        """Raises TaskResultDoesNotExist, also for a job that ended so long ago that its row is gone."""
        row = Job.objects.filter(pk=int(result_id)).first()
        if row is None:
            raise TaskResultDoesNotExist(result_id)
        return result_of(row, queue.task_of(row))


def result_of(row: Job, task: Task) -> TaskResult:
    """The TaskResult of a row. The return value of a task is not kept."""
    return TaskResult(
        task=task,
        id=str(row.pk),
        status=TaskResultStatus(row.state),
        enqueued_at=row.created,
        started_at=row.started,
        finished_at=row.finished,
        last_attempted_at=row.started,
        args=row.arguments["args"],
        kwargs=row.arguments["kwargs"],
        backend="default",
        errors=[TaskError(exception_class_path=row.error, traceback=row.where)] if row.state == FAILED else [],
        worker_ids=[row.worker] * row.attempts,
    )
