"""Mails: who is told of what, what happens when none can be sent, and that no link stands in a log."""

import re
import smtplib
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.mail import sending
from accounts.models import OutgoingMail, Token, User
from conftest import PASSWORD, confirm
from jobs.worker import run_all

pytestmark = pytest.mark.django_db
ADDRESS = "alice@example.org"
PROFILE = {"email": ADDRESS}
TOKEN = {"name": "script", "scope": "full", "days": "90"}
CHANGE = {"oldpassword": PASSWORD, "password1": "third horse 9", "password2": "third horse 9"}


@pytest.fixture(autouse=True)
def with_mail(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.EMAIL_HOST = "mail.example.org"
    cache.clear()


@pytest.fixture
def signed_in(client, alice):
    User.objects.filter(pk=alice.pk).update(email=ADDRESS)
    EmailAddress.objects.create(user=alice, email=ADDRESS, primary=True)
    client.force_login(alice)
    confirm(client)
    return client


class Refuses(EmailBackend):
    """A mail server that takes nothing."""

    error: Exception = smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no such user")})

    def send_messages(self, messages):
        raise self.error


class Unreachable(Refuses):
    error = ConnectionRefusedError("nobody listens")


class Rejects(Refuses):
    error = smtplib.SMTPSenderRefused(553, b"who are you", "x")


BACKENDS = [f"accounts.tests.test_mail.{each.__name__}" for each in (Refuses, Unreachable, Rejects)]


def told() -> list[tuple[list[str], str]]:
    run_all()
    return [(message.to, message.subject.removeprefix("[Roundtable] ")) for message in mail.outbox]


# --- notices ---


def test_a_new_password_is_told(signed_in):
    signed_in.post(reverse("account_change_password"), CHANGE, headers={"User-Agent": "Mozilla\u202e <b>"})
    assert told() == [([ADDRESS], "Your password was changed")]
    body = mail.outbox[0].body
    assert "your account alice was changed" in body
    assert "127.0.0.1" in body
    assert "Mozilla" in body
    assert "third horse" not in body


def test_a_token_is_told_without_its_secret(signed_in):
    signed_in.post(reverse("tokens"), TOKEN)
    assert told() == [([ADDRESS], "A token was created")]
    assert "“script” (Everything" in mail.outbox[0].body
    assert Token.objects.get().prefix not in mail.outbox[0].body


def test_a_new_address_is_told_to_the_old_one(signed_in, alice):
    signed_in.post(reverse("profile"), PROFILE | {"email": "new@example.org"})
    assert told() == [
        (["new@example.org"], "Confirm your e-mail address"),  # somebody waits for it
        ([ADDRESS], "Your e-mail address was changed"),
    ]
    assert "new@example.org" not in mail.outbox[1].body  # a thief's is nobody's business, and neither is the owner's


def test_an_address_that_is_taken_away_is_told_too_and_the_first_one_to_nobody(signed_in, alice):
    signed_in.post(reverse("profile"), PROFILE | {"email": ""})
    assert told() == [([ADDRESS], "Your e-mail address was changed")]
    signed_in.post(reverse("profile"), PROFILE)
    assert told()[1:] == [([ADDRESS], "Confirm your e-mail address")]


@pytest.mark.django_db(transaction=True)
def test_a_second_factor_is_told_on_and_off(signed_in, alice):
    page = signed_in.get(reverse("mfa_activate_totp")).content.decode()
    key = re.search(r'id="key" value="([A-Z2-7]+)"', page)[1]
    signed_in.post(reverse("mfa_activate_totp"), {"code": format_hotp_value(hotp_value(key, int(time.time()) // 30))})
    signed_in.post(reverse("mfa_generate_recovery_codes"))
    signed_in.post(reverse("mfa_deactivate_totp"))
    assert [subject for _to, subject in told()] == [
        "Two-factor authentication was turned on",
        "New recovery codes were created",
        "Two-factor authentication was turned off",
    ]


def test_what_an_administrator_does_is_told_as_that(signed_in, alice, make_user):
    staff = Client()
    staff.force_login(make_user("root", is_staff=True, is_superuser=True))
    TOTP.activate(alice, generate_totp_secret())
    factor = Authenticator.objects.get(user=alice)
    staff.post(reverse("admin:mfa_authenticator_delete", args=[factor.pk]), {"post": "yes"})
    passwords = {"password1": "many horses 7", "password2": "many horses 7", "usable_password": "true"}
    staff.post(reverse("admin:auth_user_password_change", args=[alice.pk]), passwords)
    page = reverse("admin:accounts_user_change", args=[alice.pk])
    fields = {"username": "alice", "email": "other@example.org", "is_active": "on", "server_role": "member"}
    staff.post(page, fields)
    assert [subject for _to, subject in told()] == [
        "Two-factor authentication was turned off",
        "Your password was changed",
        "Your e-mail address was changed",
    ]
    for message in mail.outbox:
        assert message.to == [ADDRESS]
        assert "A server administrator made this change." in message.body
        assert "127.0.0.1" not in message.body.split("-- ")[0]


def test_who_has_no_address_and_where_there_is_no_mail_nobody_is_told(client, alice, settings):
    client.force_login(alice)
    confirm(client)
    client.post(reverse("tokens"), TOKEN)
    assert told() == []
    settings.EMAIL_HOST = ""
    User.objects.filter(pk=alice.pk).update(email=ADDRESS)
    client.post(reverse("tokens"), TOKEN)
    assert told() == []
    assert Token.objects.count() == 2


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_notice_that_cannot_be_sent_keeps_nobody_from_anything(signed_in, settings, backend, caplog):
    settings.EMAIL_BACKEND = backend
    assert signed_in.post(reverse("account_change_password"), CHANGE).status_code == 302
    run_all()
    assert "did not take a mail" in caplog.text
    assert ADDRESS not in caplog.text


def test_notices_are_written_in_the_language_of_the_page(signed_in):
    signed_in.post(reverse("account_change_password"), CHANGE, headers={"Accept-Language": "de"})
    assert told() == [([ADDRESS], "Dein Passwort wurde geändert")]


# --- a forgotten password ---


@pytest.mark.parametrize("backend", BACKENDS[1:])
def test_while_no_mail_is_taken_who_asks_for_one_is_told(signed_in, settings, backend):
    settings.EMAIL_BACKEND = backend
    assert Client().post(reverse("account_reset_password"), {"email": "bob@example.org"}).status_code == 302
    run_all()
    pages = []
    for address in (ADDRESS, "nobody@example.org"):
        answer = Client().post(reverse("account_reset_password"), {"email": address})
        assert answer.status_code == 503
        pages.append(re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(address, ""))
    assert pages[0] == pages[1]
    assert "The e-mail could not be sent" in pages[0]


@pytest.mark.parametrize("backend", BACKENDS)
def test_signing_up_with_somebodys_address_works_without_the_mail_server(signed_in, settings, backend):
    settings.EMAIL_BACKEND = backend
    form = {"username": "dora", "email": ADDRESS, "password1": "many horses 7", "password2": "many horses 7"}
    assert Client().post(reverse("account_signup"), form).status_code == 302


def test_without_mail_the_page_says_whom_to_ask_and_writes_nothing_down(signed_in, settings, capfd):
    settings.EMAIL_HOST = ""
    for answer in (
        Client().get(reverse("account_reset_password")),
        Client().post(reverse("account_reset_password"), {"email": ADDRESS}),
    ):
        assert answer.status_code == 200
        assert "This server does not send e-mail" in answer.content.decode()
    assert told() == []
    assert "/password/reset/key/" not in "".join(capfd.readouterr())


def test_the_command_prints_a_link_that_works_once(alice, capsys):
    call_command("resetlink", "ALICE")
    link = capsys.readouterr().out.strip()
    assert link.startswith("http://127.0.0.1:8000/accounts/password/reset/key/")
    path = link.removeprefix("http://127.0.0.1:8000")
    browser = Client()
    page = browser.get(path, follow=True)
    browser.post(page.request["PATH_INFO"], {"password1": "third horse 9", "password2": "third horse 9"})
    alice.refresh_from_db()
    assert alice.check_password("third horse 9")
    assert "This link no longer works" in Client().get(path, follow=True).content.decode()


def test_there_is_no_link_for_bots_strangers_and_the_deactivated(make_user, bot_user):
    make_user("erin", is_active=False)
    for name in (bot_user.username, "erin", "nobody"):
        with pytest.raises(CommandError, match="No user is called"):
            call_command("resetlink", name)


# --- mailing ---


def test_what_waits_to_be_sent_is_bounded(monkeypatch, caplog):
    monkeypatch.setattr(sending, "MAX_WAITING", 0)
    sending.queue(mail.EmailMessage("x", "y", "a@example.org", ["b@example.org"]), "x")
    assert "one was dropped" in caplog.text
    assert told() == []
    with pytest.raises(sending.MailNotSent):
        sending.queue(mail.EmailMessage("x", "y", "a@example.org", ["b@example.org"]), "x", told=True)


def test_a_fault_of_ours_is_seen_in_the_log_and_not_tried_again(caplog):
    sending.queue(mail.EmailMessage("two\nlines", "y", "a@example.org", ["b@example.org"]), "x")
    run_all()
    assert "did not take a mail: mail" in caplog.text
    assert (OutgoingMail.objects.get().state, OutgoingMail.objects.get().content) == ("failed", {})
