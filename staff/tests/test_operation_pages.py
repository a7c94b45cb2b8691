"""The pages of jobs, mails, bots, storage and backups: what they show, and what is done there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import OutgoingMail, RefusedAddress
from accounts.outgoing_mail import MailState, Reason
from accounts.roles import ServerRole
from audit.models import Entry
from backups.models import Backup
from backups.regular import back_up_now
from jobs.models import FAILED, READY, Job
from rooms.kernel.errors import ChatError
from staff import operation

pytestmark = pytest.mark.django_db
TASK = "jobs.tests.sample_jobs.note"


def acts() -> list[str]:
    return list(Entry.objects.filter(act__startswith="server.").values_list("act", flat=True))


def reason_of(act, *args) -> str:
    with pytest.raises(ChatError) as refused:
        act(*args)
    return refused.value.reason


def failed_job(number: int) -> Job:
    arguments = {"args": [number], "kwargs": {}}
    return Job.objects.create(task=TASK, arguments=arguments, digest=str(number), state=FAILED, finished=timezone.now())


def test_failed_jobs_are_shown_and_run_again(browser):
    first, second, third = map(failed_job, range(3))
    assert TASK in browser.get("/server/jobs/").content.decode()
    browser.post("/server/jobs/", {"again": second.pk})
    browser.post("/server/jobs/", {"again": "everything"})  # says nothing of this page
    assert set(Job.objects.filter(state=FAILED)) == {first, third}
    assert "2 jobs wait again." in browser.post("/server/jobs/", {"again": "all"}, follow=True).content.decode()
    assert not Job.objects.filter(state=FAILED).exists()
    assert Job.objects.filter(state=READY, task=TASK).count() == 3
    assert acts() == ["server.jobs_run_again"] * 2
    browser.post("/server/jobs/", {"again": first.pk})  # which is gone
    assert len(acts()) == 2


def test_a_failed_job_is_removed(browser):
    job, other = failed_job(1), failed_job(2)
    waiting = Job.objects.create(task=TASK, arguments={}, digest="3", state=READY)
    for each in (job, job, waiting):
        browser.post("/server/jobs/", {"remove": each.pk})
    assert set(Job.objects.filter(task=TASK)) == {other, waiting}
    assert acts() == ["server.job_removed"]


def test_a_backup_is_begun_unless_one_is_being_made(browser):
    now = timezone.now()
    made = Backup.objects.create(started=now, finished=now, lease_until=now, file="roundtable-1.tar", size=2048)
    assert "roundtable-1.tar" in browser.get("/server/backups/").content.decode()
    waiting = Job.objects.filter(task=back_up_now.module_path, state=READY)
    assert "less than a minute ago" in browser.post("/server/backups/", follow=True).content.decode()
    assert (waiting.count(), acts()) == (0, [])
    made.finished -= timedelta(minutes=1)
    made.save()
    browser.post("/server/backups/")
    assert (waiting.count(), acts()) == (1, ["server.backup_begun"])
    waiting.delete()
    Backup.objects.create(lease_until=now + timedelta(minutes=1))
    assert "is being made" in browser.post("/server/backups/", follow=True).content.decode()
    assert (waiting.count(), len(acts())) == (0, 1)


def test_mails_that_failed_and_a_check(browser, settings, owner):
    settings.EMAIL_HOST = "mail.example.org"
    OutgoingMail.objects.create(kind="x", address="gone@example.org", state=MailState.FAILED, reason=Reason.MAIL)
    refused = RefusedAddress.objects.create(email="void@example.org", code="550")
    page = browser.get("/server/mail/").content.decode()
    assert "gone@example.org" in page
    assert "void@example.org" in page
    browser.post("/server/mail/")
    assert Job.objects.filter(task="accounts.mail.check_job.run_check").count() == 1
    assert "The check is running." in browser.get("/server/mail/").content.decode()
    browser.post("/server/mail/", {"allow": refused.pk})
    assert not RefusedAddress.objects.exists()
    browser.post("/server/mail/", {"allow": refused.pk})
    assert acts() == ["server.mail_checked", "server.address_allowed"]


def test_bots_and_storage(browser, bot_user):
    assert bot_user.username in browser.get("/server/bots/").content.decode()
    assert "On this server" in browser.get("/server/storage/").content.decode()


def test_nobody_else_does_any_of_it(alice, person_with):
    job, moderator = failed_job(1), person_with("mona", ServerRole.MODERATOR)
    for user in (alice, moderator):
        client = Client()
        client.force_login(user)
        for page in ("jobs", "mail", "bots", "storage", "backups"):
            assert client.get(f"/server/{page}/").status_code == 404
        for act in (operation.run_jobs_again, operation.remove_job, operation.allow_address):
            assert reason_of(act, user, job.pk) == "not_staff"
        for act in (operation.begin_backup, operation.check_mail):
            assert reason_of(act, user) == "not_staff"
    assert acts() == []
