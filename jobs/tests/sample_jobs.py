"""Jobs that tests enqueue."""

from django_tasks import TaskContext, task

ran: list = []
problems: list[Exception] = []  # each is raised once


@task
def note(*what):
    if problems:
        raise problems.pop()
    ran.append(what)


@task(priority=5)
def note_first(*what):
    ran.append(what)


@task(takes_context=True)
async def note_attempt(context: TaskContext):
    ran.append(context.attempt)
    if context.attempt == 1:
        raise ValueError("what somebody wrote")
