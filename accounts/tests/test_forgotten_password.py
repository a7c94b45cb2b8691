"""A forgotten password: a link for known addresses, and the same answer for all."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from conftest import PASSWORD, confirm
from jobs.worker import run_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


def test_a_reset_is_answered_alike_and_only_known_addresses_get_a_link(client, alice):
    EmailAddress.objects.create(user=alice, email="alice@example.org", primary=True)
    known = client.post(reverse("account_reset_password"), {"email": "alice@example.org"}, follow=True)
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert known.content == unknown.content
    run_all()
    links = re.findall(r"http://\S+/password/reset/key/\S+", "".join(message.body for message in mail.outbox))
    assert len(links) == 1
    page = client.get(links[0], follow=True)
    answer = client.post(page.request["PATH_INFO"], {"password1": "third horse 9", "password2": "third horse 9"})
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("third horse 9")
    assert "This link no longer works" in client.get(links[0], follow=True).content.decode()


def test_capitals_in_an_address_of_the_profile_keep_nobody_from_a_reset(signed_in, alice):
    confirm(signed_in)
    form = {"email": "Alice@Example.org"}
    assert signed_in.post(reverse("profile"), form).status_code == 302
    Client().post(reverse("account_reset_password"), {"email": "Alice@Example.org"})
    run_all()
    assert "/password/reset/key/" in mail.outbox[-1].body
    assert mail.outbox[-1].to == ["alice@example.org"]


def test_capitals_in_an_address_that_an_administrator_wrote_keep_nobody_from_a_reset(db):
    User.objects.create_superuser("dora", "Dora@Example.org", PASSWORD)
    Client().post(reverse("account_reset_password"), {"email": "dora@example.org"})
    run_all()
    assert "/password/reset/key/" in mail.outbox[0].body
