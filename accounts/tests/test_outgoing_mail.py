"""Mails on their way, by the real protocol: taken, tried again, given up, and addresses that do not exist."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.mail import sending
from accounts.models import OutgoingMail, RefusedAddress, User
from jobs.models import Job
from jobs.worker import run_all

from .smtp_server import SmtpServer

pytestmark = pytest.mark.django_db
ADDRESS = "alice@example.org"


def queue(address: str = ADDRESS, **how) -> None:
    sending.queue(EmailMessage("Tea", "At four.\n", to=[address]), "tea", **how)


def later() -> None:
    """As if the time until the next attempt had gone by."""
    sending._server.reset()
    Job.objects.filter(state="READY").update(run_after=timezone.now())
    run_all()


def test_a_mail_leaves_by_a_job_and_nothing_of_it_stays(smtp):
    queue()
    assert smtp.mails == []
    run_all()
    (mail,) = smtp.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == (ADDRESS, "Roundtable <chat@example.org>", "Tea")
    assert (mail["Auto-Submitted"], mail.get_content().strip()) == ("auto-generated", "At four.")
    assert mail["Message-ID"].endswith("@127.0.0.1>")
    assert smtp.signed_in == 1
    assert not OutgoingMail.objects.exists()


def test_what_is_taken_later_is_tried_again_and_whoever_gets_it_twice_sees_one(smtp, monkeypatch):
    smtp.replies = {ADDRESS: "450 busy"}
    queue()
    run_all()
    row = OutgoingMail.objects.get()
    assert (row.state, row.reason, row.code, row.attempts, smtp.mails) == ("waiting", "later", "450", 1, [])
    queue("bob@example.org", asked_for=True)  # of no concern to others
    smtp.replies = {"DATA": "452 full"}
    later()
    assert OutgoingMail.objects.count() == 2
    smtp.replies = {}
    with monkeypatch.context() as patch:
        patch.setattr(OutgoingMail, "delete", lambda row: 1 / 0)  # the worker dies before it has written that down
        later()
    later()
    assert sorted(smtp.recipients) == [ADDRESS, ADDRESS, "bob@example.org", "bob@example.org"]
    assert len({mail["Message-ID"] for mail in smtp.mails}) == 2
    assert not OutgoingMail.objects.exists()


def test_while_the_server_is_away_who_waits_is_told_and_then_everything_leaves(smtp, tmp_path, settings):
    smtp.replies = {"MAIL": "421 later"}
    queue()
    queue("bob@example.org")
    run_all()
    assert sending.is_failing()
    with pytest.raises(sending.MailNotSent):
        queue(told=True)
    assert Job.objects.filter(state="READY", run_after__gt=timezone.now() + sending.MAX_SERVER_DELAY).count() == 0
    smtp.stop()
    later()
    assert sending.is_failing()
    again = tmp_path / "again"
    again.mkdir()
    other = SmtpServer(again, "no")
    settings.EMAIL_PORT, settings.EMAIL_USE_TLS = other.port, False
    later()
    assert sorted(other.recipients) == [ADDRESS, "bob@example.org"]
    assert not sending.is_failing()
    other.stop()


def test_an_address_that_does_not_exist_gets_no_more_until_its_owner_asks(smtp, client, alice):
    User.objects.filter(pk=alice.pk).update(email=ADDRESS)
    smtp.replies = {ADDRESS: "550 5.1.1 nobody here"}
    queue(user=alice)
    run_all()
    assert RefusedAddress.objects.get().code == "550 5.1.1"
    row = OutgoingMail.objects.get()
    assert (row.state, row.reason, row.content) == ("failed", "address", {})
    smtp.replies = {}
    queue()
    run_all()
    assert smtp.mails == []
    client.force_login(alice)
    assert "No e-mail is sent to alice@example.org" in client.get(reverse("profile")).content.decode()
    queue(asked_for=True)
    run_all()
    assert smtp.recipients == [ADDRESS]
    assert not RefusedAddress.objects.exists()
    assert "No e-mail is sent to" not in client.get(reverse("profile")).content.decode()


def test_a_refusal_that_is_not_about_the_address_switches_nothing_off(smtp):
    for about, reply in ((ADDRESS, "554 5.7.1 relay access denied"), (ADDRESS, "552 5.2.2 full"), ("DATA", "554 spam")):
        smtp.replies = {about: reply}
        queue()
        run_all()
        row = OutgoingMail.objects.latest("pk")
        assert (row.state, row.reason, row.content) == ("failed", "mail", {})
    assert not RefusedAddress.objects.exists()
    assert sending.counts() == {"waiting": 0, "failed": 3, "refused_addresses": 0}


def test_after_a_day_a_mail_is_given_up_and_emptied(smtp):
    smtp.replies = {ADDRESS: "450 busy"}
    queue()
    run_all()
    OutgoingMail.objects.update(created=timezone.now() - timedelta(days=1, minutes=1))
    sending.tidy_mail.call()
    row = OutgoingMail.objects.get()
    assert (row.state, row.reason, row.content) == ("failed", "old", {})
    smtp.replies = {}
    later()
    assert smtp.mails == []
    OutgoingMail.objects.update(created=timezone.now() - timedelta(days=31))
    sending.tidy_mail.call()
    assert not OutgoingMail.objects.exists()


def page_in(browser: Client, language: str) -> str:
    return browser.get(reverse("admin:mail_check"), headers={"accept-language": language}).content.decode()


def test_staff_see_what_failed_without_its_words_and_check_the_server(smtp, make_user, alice):
    smtp.replies = {ADDRESS: "550 nobody"}
    queue()
    run_all()
    browser = Client()
    browser.force_login(make_user("root", is_staff=True, is_superuser=True, email="root@example.org"))
    page = browser.get(reverse("admin:accounts_outgoingmail_changelist")).content.decode()
    assert "there is no such address" in page and "Check the mail server" in page
    one = browser.get(reverse("admin:accounts_outgoingmail_change", args=[OutgoingMail.objects.get().pk]))
    assert ADDRESS in one.content.decode() and "At four" not in one.content.decode()
    browser.post(reverse("admin:mail_check"))
    assert "The check is running." in browser.get(reverse("admin:mail_check")).content.decode()
    run_all()
    page = browser.get(reverse("admin:mail_check")).content.decode()
    assert page.count(": passed") == 0 and page.count('class="passed"') == 4
    assert smtp.recipients == ["root@example.org"]
    assert "Verschlüsselung" in page_in(browser, "de")  # each reader's own language
    smtp.replies = {"DATA": "554 spam"}
    browser.post(reverse("admin:mail_check"))
    run_all()
    assert "Der Server hat die E-Mail selbst abgelehnt" in page_in(browser, "de")
    assert "The server refused the mail itself, perhaps as spam." in page_in(browser, "en")
    other = Client()
    other.force_login(alice)
    assert other.post(reverse("admin:mail_check")).status_code == 302  # to the sign-in of staff
