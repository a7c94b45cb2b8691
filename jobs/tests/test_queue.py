"""Work for later: once for the same, at least once whatever happens, and given up in the end."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.admin.sites import site
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks import TaskResultStatus

from jobs import backlog, queue, schedule
from jobs.models import FAILED, READY, RUNNING, SUCCESSFUL, Job, Turn
from jobs.worker import run_all

from . import sample_jobs
from .sample_jobs import note, note_attempt, note_first

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nothing_ran():
    sample_jobs.ran.clear()
    sample_jobs.problems.clear()


def due_now():
    Job.objects.filter(state=READY).update(run_after=timezone.now())


def test_what_is_enqueued_runs_once_the_highest_priority_first_and_the_same_once():
    result = note.enqueue(1, True)
    assert note.enqueue(1, True).id == result.id
    note_first.enqueue("room-name")
    note.using(run_after=timezone.now() + HOUR).enqueue(2)
    assert run_all() == 2 and run_all() == 0
    assert sample_jobs.ran == [("room-name",), (1, True)]
    result.refresh()
    assert (result.status, result.attempts, result.errors) == (TaskResultStatus.SUCCESSFUL, 1, [])
    note.enqueue(2)  # sooner than it was
    assert run_all() == 1 and sample_jobs.ran[-1] == (2,)


def test_a_transaction_that_fails_enqueues_nothing():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note.enqueue(1)
        raise ZeroDivisionError
    assert run_all() == 0 and sample_jobs.ran == []


def test_it_is_given_ids_and_names_and_no_text():
    for text in ("Lunch at noon?", "x" * 101, "a\nb", ["list"], {"a": 1}):
        with pytest.raises(ValueError):
            note.enqueue(text)
    assert not Job.objects.exists()


def test_one_that_fails_is_tried_again_later_and_keeps_nothing_that_was_said():
    note_attempt.enqueue()
    assert run_all() == 1 and run_all() == 0
    job = Job.objects.get()
    assert (job.state, job.error) == (READY, "builtins.ValueError")
    assert "sample_jobs.py" in job.where and "wrote" not in job.where
    assert job.run_after > timezone.now()
    due_now()
    run_all()
    assert sample_jobs.ran == [1, 2] and Job.objects.get().state == SUCCESSFUL


def test_one_that_always_fails_is_given_up_and_staff_run_it_again(admin_client):
    note.enqueue(7)
    for _attempt in range(queue.MAX_ATTEMPTS):
        sample_jobs.problems.append(ValueError())
        due_now()
        assert run_all() == 1
    job = Job.objects.get()
    assert (job.state, job.attempts, backlog.counts()["failed"]) == (FAILED, queue.MAX_ATTEMPTS, 1)
    page = admin_client.get("/admin/jobs/job/")
    assert "builtins.ValueError" in page.content.decode()
    admin_client.post("/admin/jobs/job/", {"action": "run_again", "_selected_action": [job.pk]})
    assert run_all() == 1 and sample_jobs.ran == [(7,)]
    assert [job.state for job in Job.objects.all()] == [SUCCESSFUL]
    assert not site._registry[Job].has_add_permission(None)


def test_delays_grow_up_to_an_hour():
    assert [queue.delay_after(n).total_seconds() for n in range(1, 9)] == [10, 30, 90, 270, 810, 2430, 3600, 3600]


def test_what_a_dead_worker_was_running_is_taken_over():
    note.enqueue(1)
    (held,) = queue.claim("host:1:first", 5)
    assert queue.claim("second", 5) == []  # it is leased
    assert queue.expire("other") == 0 and queue.expire("first") == 1
    (taken,) = queue.claim("second", 5)
    assert (taken.pk, taken.attempts, taken.worker) == (held.pk, 2, "second")
    queue.succeed(held)  # it was not dead after all: what it did is done again
    assert Job.objects.get().state == RUNNING
    assert queue.renew("host:1:first", [held.pk]) == 0 and queue.renew("second", [held.pk]) == 1
    queue.succeed(taken)
    assert Job.objects.get().state == SUCCESSFUL


def test_a_host_whose_clock_is_fast_takes_nothing_over(monkeypatch):
    note.enqueue(1)
    (held,) = queue.claim("first", 5)
    monkeypatch.setattr(queue, "timezone", SimpleNamespace(now=lambda: timezone.now() + HOUR))
    assert queue.claim("second", 5) == []
    note.enqueue(2)
    assert [job.arguments["args"] for job in queue.claim("second", 5)] == [[2]]
    queue.succeed(held)


def test_one_that_ends_each_worker_is_given_up():
    note.enqueue(1)
    for _death in range(queue.MAX_ATTEMPTS):
        assert queue.claim("w", 1)
        Job.objects.update(lease_until=timezone.now() - HOUR)
    assert run_all() == 1
    assert (Job.objects.get().state, Job.objects.get().error) == (FAILED, "jobs.worker.WorkersDied")
    assert sample_jobs.ran == []


def test_one_of_a_newer_version_waits_for_its_worker_and_not_for_ever():
    note.enqueue(1)
    Job.objects.update(task="jobs.tests.sample_jobs.not_yet_here")
    run_all()
    job = Job.objects.get()
    assert (job.state, job.attempts) == (READY, 0)
    Job.objects.update(created=timezone.now() - 2 * queue.UNKNOWN_KEPT)
    due_now()
    run_all()
    assert Job.objects.get().state == FAILED


def test_the_same_that_is_enqueued_while_one_runs_runs_after_it_and_only_once():
    note.enqueue(1)
    (running,) = queue.claim("w", 1)
    note.enqueue(1)
    queue.fail(running, ValueError())
    assert [(job.state, job.attempts) for job in Job.objects.all()] == [(READY, 0)]
    (running,) = queue.claim("w", 1)
    queue.give_back([running])
    assert [(job.state, job.attempts) for job in Job.objects.all()] == [(READY, 0)]


def test_looking_for_work_where_there_is_none_writes_nothing():
    note.using(run_after=timezone.now() + HOUR).enqueue(1)
    with CaptureQueriesContext(connection) as asked:
        assert queue.claim("w", 2) == []
    assert [each["sql"].split()[0] for each in asked] == ["SELECT"]


def test_old_ones_go_and_failed_ones_stay_longer():
    now = timezone.now()
    for state, days in ((SUCCESSFUL, 0), (SUCCESSFUL, 2), (FAILED, 2), (FAILED, 31)):
        Job.objects.create(task="x", digest="", state=state, finished=now - timedelta(days=days))
    assert queue.prune() == 2 and queue.prune() == 0
    assert sorted(Job.objects.values_list("state", flat=True)) == [FAILED, SUCCESSFUL]


def test_regular_work_is_enqueued_once_when_its_time_has_come():
    plan = {note: HOUR}
    assert [schedule.enqueue_due(plan) for _worker in range(2)] == [1, 0]
    assert run_all() == 1
    Turn.objects.update(due=timezone.now())
    assert schedule.enqueue_due(plan) == 1 and run_all() == 1


def test_work_that_is_looked_for_is_enqueued_once_and_looking_writes_nothing():
    left = []
    watched = {note: lambda: bool(left), note_first: lambda: False}
    with CaptureQueriesContext(connection) as looked:
        assert schedule.enqueue_wanted(watched) == 0
    assert not looked.captured_queries
    left.append(1)
    assert [schedule.enqueue_wanted(watched) for _worker in range(2)] == [1, 0]
    assert run_all() == 1 and sample_jobs.ran == [()]


def test_a_server_without_workers_is_behind():
    note.enqueue(1)
    assert not backlog.is_behind()
    Job.objects.update(run_after=timezone.now() - 2 * backlog.BEHIND_AFTER)
    assert backlog.is_behind()
    counts = backlog.counts()
    assert (counts["waiting"], counts["oldest_seconds"] >= 1200) == (1, True)
