"""An address is confirmed by a link that is sent there, after signing up and after it was changed."""

import re
import time
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.forms import SignupForm
from accounts.mail.confirmation import confirmed_address
from accounts.models import OutgoingMail, User
from conftest import PASSWORD, confirm
from jobs.worker import run_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
ADDRESS = "dora@example.org"
FORM = {"username": "dora", "email": ADDRESS, "password1": "many horses 7", "password2": "many horses 7"}


def sign_up(**changes) -> tuple[Client, str]:
    """A browser, and where signing up led it."""
    browser = Client()
    return browser, browser.post(reverse("account_signup"), FORM | changes).url


def link() -> str:
    """In the last mail."""
    run_all()
    found = re.search(r"http://127\.0\.0\.1:8000(/accounts/confirm-email/\S+)", mail.outbox[-1].body)
    return found[1] if found else ""


def test_whoever_signs_up_is_let_in_and_confirms_by_a_button(client):
    browser, place = sign_up()
    assert place == "/chat/"
    assert "We have sent a link to dora@example.org." in browser.get(reverse("profile")).content.decode()
    address, dora = link(), User.objects.get(username="dora")
    assert mail.outbox[-1].subject == "[Roundtable] Confirm your e-mail address"
    assert "dora@example.org is not confirmed yet" in browser.get(reverse("profile")).content.decode()
    assert "is to belong to the account dora" in client.get(address).content.decode()
    assert confirmed_address(dora) == ""  # by a look alone, as programs in front of a mailbox take, nothing is
    page = browser.post(address, follow=True)
    assert page.request["PATH_INFO"] == reverse("profile")
    assert "dora@example.org is confirmed." in page.content.decode()
    assert "not confirmed yet" not in page.content.decode()
    assert confirmed_address(dora) == ADDRESS
    assert "This link no longer works" in client.get(address).content.decode()


def test_who_is_signed_in_as_somebody_else_stays_so(signed_in, alice):
    sign_up()
    address = link()
    signed_in.get(address)
    signed_in.post(address)
    assert signed_in.session["_auth_user_id"] == str(alice.pk)
    assert confirmed_address(User.objects.get(username="dora")) == ADDRESS


def test_one_address_belongs_to_one_account_and_signing_up_says_nothing_of_it(client, alice):
    EmailAddress.objects.create(user=alice, email=ADDRESS, primary=True, verified=True)
    User.objects.filter(pk=alice.pk).update(email=ADDRESS)
    assert sign_up()[1] == sign_up(username="emil", email="emil@example.org")[1] == "/chat/"
    run_all()
    address = next(
        re.search(r"/accounts/confirm-email/\S+", each.body)[0] for each in mail.outbox if ADDRESS in each.to
    )
    assert "is confirmed by another account already" in client.get(address).content.decode()
    client.post(address)
    assert confirmed_address(User.objects.get(username="dora")) == ""


def test_a_new_address_is_to_be_confirmed_and_another_link_can_be_had(signed_in, alice, settings):
    confirm(signed_in)
    signed_in.post(reverse("profile"), {"status": "", "email": "a1@example.org"})
    first = link()
    signed_in.post(first)
    assert confirmed_address(User.objects.get(pk=alice.pk)) == "a1@example.org"
    signed_in.post(reverse("profile"), {"status": "", "email": "a2@example.org"})
    assert confirmed_address(User.objects.get(pk=alice.pk)) == ""
    page = signed_in.post(reverse("send_confirmation"), follow=True).content.decode()
    assert "A link was sent a moment ago." in page
    settings.ACCOUNT_RATE_LIMITS = False
    OutgoingMail.objects.all().delete()
    assert "We have sent a link to a2@example.org" in (
        signed_in.post(reverse("send_confirmation"), follow=True).content.decode()
    )
    OutgoingMail.objects.update(reason="server")
    assert "could not be sent" in signed_in.post(reverse("send_confirmation"), follow=True).content.decode()
    assert OutgoingMail.objects.filter(kind="email_confirmation").count() == 1


def test_whoever_has_asked_for_all_links_of_a_day_is_not_told_to_wait_for_minutes(signed_in, alice, settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": "100/s/key,10/d/key"}
    confirm(signed_in)
    signed_in.post(reverse("profile"), {"status": "", "email": "a2@example.org"})
    pages = [signed_in.post(reverse("send_confirmation"), follow=True).content.decode() for _ in range(11)]
    told = ["Many links were sent to this address today." in page for page in pages]
    assert told[:9] == [False] * 9 and all(told[9:])  # the first one was sent when the address was new
    assert not any("A link was sent a moment ago." in page for page in pages)
    assert OutgoingMail.objects.filter(address="a2@example.org").count() == 10


def test_nobody_fills_the_mailbox_of_a_stranger(monkeypatch):
    now = time.time()
    monkeypatch.setattr(ratelimit, "time", SimpleNamespace(time=lambda: now, monotonic=time.monotonic, sleep=None))
    for number in range(15):
        sign_up(username=f"dora{number}")
        now += 300
    assert OutgoingMail.objects.filter(address=ADDRESS).count() == 10
    assert User.objects.filter(username__startswith="dora").count() == 15  # signing up says nothing of it
    now += 24 * 3600
    sign_up(username="dora15")
    assert OutgoingMail.objects.filter(address=ADDRESS).count() == 11


def test_where_it_is_required_nobody_is_let_in_before_but_those_who_were(settings, alice):
    settings.SIGNUP_CONFIRMATION = "required"
    assert SignupForm().fields["email"].required
    assert Client().post(reverse("account_signup"), FORM | {"email": ""}).status_code in (200, 400)
    browser, place = sign_up()
    assert place == reverse("account_email_verification_sent")
    assert browser.get("/chat/").status_code == 302
    assert "Open it to confirm your address; then you can sign in." in browser.get(place).content.decode()
    sign_in = {"login": "dora", "password": "many horses 7"}
    assert Client().post(reverse("account_login"), sign_in).url == place
    address = link()
    assert browser.post(address).url == "/accounts/login/"
    assert browser.post(reverse("account_login"), sign_in).url == "/chat/"
    alice.email = "alice@example.org"
    alice.save()
    for last_login, leads_to in ((None, place), ("2026-01-01T00:00Z", "/chat/")):
        User.objects.filter(pk=alice.pk).update(last_login=last_login)
        assert Client().post(reverse("account_login"), {"login": "alice", "password": PASSWORD}).url == leads_to
    User.objects.filter(pk=alice.pk).update(last_login=None, email="")
    EmailAddress.objects.filter(user=alice).delete()
    assert Client().post(reverse("account_login"), {"login": "alice", "password": PASSWORD}).url == "/chat/"


def test_without_mail_nothing_is_asked_for(settings):
    settings.EMAIL_HOST, settings.SIGNUP_CONFIRMATION = "", "required"
    browser, place = sign_up(email="")
    assert place == "/chat/"
    assert "not confirmed" not in browser.get(reverse("profile")).content.decode()
    assert not OutgoingMail.objects.exists()
