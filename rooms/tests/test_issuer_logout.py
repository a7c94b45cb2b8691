"""Somebody signs out at their issuer: the sockets of that session close."""

import time

import pytest
from django.test import Client

from accounts.issuers import metadata
from accounts.models import User
from accounts.tests.sso import issuer_of, sign_in
from rooms.services import membership
from testing.issuer import FakeIssuer

from .live import Socket


@pytest.mark.django_db(transaction=True)
def test_a_logout_at_the_issuer_closes_sockets(web, settings):
    company = FakeIssuer()
    metadata.forget()
    settings.SSO_PROVIDERS = (issuer_of(company),)
    company.person["sid"] = "there"
    browser = Client()
    assert sign_in(browser).status_code == 302
    membership.get_or_create_and_join(User.objects.get(username="ann"), "Lobby")
    headers = {"Cookie": f"sessionid={browser.cookies['sessionid'].value}"}
    with Socket(web, None, "lobby", headers=headers) as hers:
        hers.wait("welcome")
        told = time.monotonic()
        answer = Client().post(
            "/accounts/sso/with/company/logout/", {"logout_token": company.logout_token(sid="there")}
        )
        assert answer.status_code == 200
        assert hers.closed()[0] == 4001
        assert time.monotonic() - told < 10  # two seconds where nothing else runs
    company.close()
    metadata.forget()
