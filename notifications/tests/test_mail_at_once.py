"""Two job workers at the same moment: a person gets one mail."""

import threading

import pytest
from django.utils import timezone

from jobs.models import Job
from notifications.mail import digests, taking
from notifications.models import Digest, DigestItem
from rooms.models import Notification
from rooms.services import messages
from rooms.tests.groups import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 4


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.EMAIL_HOST = "mail.example.org"


def come_due(alice, plans, count: int) -> None:
    for _number in range(count):
        messages.post(alice, plans.name, "@bob")
    Notification.objects.filter(mail_after__isnull=False).update(mail_after=timezone.now())


def test_what_is_due_is_taken_into_one_mail(alice, plans):
    for _time in range(TIMES):
        come_due(alice, plans, 2 * taking.BATCH_SIZE + 1)
        assert in_threads(*[taking.take_due_mails.call] * 3) == [None] * 3
        taking.take_due_mails.call()  # what one left because another was at it
        assert Digest.objects.count() == 1 and DigestItem.objects.count() == 2 * taking.BATCH_SIZE + 1
        assert Job.objects.filter(task__endswith="send_digest").count() == 1
        for model in (Digest, Job, Notification):
            model.objects.all().delete()


def test_another_mail_waits_until_one_has_been_sent(alice, plans, monkeypatch):
    come_due(alice, plans, 1)
    taking.take_due_mails.call()
    Digest.objects.update(attempts=1)  # it was tried, so what comes later is another one
    come_due(alice, plans, 1)
    taking.take_due_mails.call()
    first, second = Digest.objects.order_by("pk").values_list("pk", flat=True)
    Job.objects.all().delete()
    handed_over, reached, go_on = [], threading.Event(), threading.Event()

    def hand_over(mail) -> None:
        handed_over.append(mail)
        if len(handed_over) == 1:
            reached.set()
            go_on.wait(60)

    def send_second() -> None:
        reached.wait(60)
        try:
            digests.send_digest.call(second)
        finally:
            go_on.set()

    monkeypatch.setattr(digests.sending, "hand_over", hand_over)
    assert in_threads(lambda: digests.send_digest.call(first), send_second) == [None] * 2
    assert len(handed_over) == 1
    assert list(Digest.objects.order_by("pk").values_list("state", "attempts")) == [("sent", 2), ("waiting", 0)]
    again = Job.objects.get(task__endswith="send_digest", state="READY")
    assert again.arguments["args"] == [second] and again.run_after > timezone.now()
    digests.send_digest.call(second)
    assert len(handed_over) == 2


def test_a_mail_whose_sending_never_ended_holds_up_no_other_for_long(alice, plans, monkeypatch):
    come_due(alice, plans, 1)
    taking.take_due_mails.call()
    Digest.objects.update(attempts=1, sending_since=timezone.now() - digests.LONGEST)
    come_due(alice, plans, 1)
    taking.take_due_mails.call()
    monkeypatch.setattr(digests.sending, "hand_over", sent := [].append)
    digests.send_digest.call(Digest.objects.get(attempts=0).pk)
    assert sent.__self__ and set(Digest.objects.values_list("state", flat=True)) == {"sent", "waiting"}
