"""Signing in and out by the page: who is let in, how often one may try, and what the session is kept by."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


@pytest.mark.parametrize("name", ["alice", "ALICE", " Alice "])
def test_signing_in_does_not_mind_capitals(client, alice, name):
    answer = client.post(reverse("account_login"), {"login": name, "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/chat/")


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(client, alice):
    pages = []
    for name in ("alice", "nobody"):
        answer = client.post(reverse("account_login"), {"login": name, "password": "wrong"})
        assert answer.status_code == 200
        page = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        pages.append(page.replace(f'value="{name}"', ""))
    assert pages[0] == pages[1]
    assert "Wrong user name or password" in pages[0]


def test_the_session_gets_a_new_key_at_sign_in(client, alice):
    visitor = client.session
    visitor["seen"] = True
    visitor.save()
    client.cookies["sessionid"] = visitor.session_key
    client.post(reverse("account_login"), {"login": "alice", "password": PASSWORD})
    assert client.session.session_key != visitor.session_key


def test_no_script_reads_the_cookie_that_signs_in_and_no_other_site_sends_it(client, alice):
    client.post(reverse("account_login"), {"login": "alice", "password": PASSWORD})
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_whoever_is_deactivated_is_signed_out_of_pages_and_the_api(signed_in, alice):
    assert signed_in.get("/api/rooms").status_code == 200
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert signed_in.get("/api/rooms").status_code == 401
    assert signed_in.get(reverse("profile")).status_code == 302


def test_a_key_rotation_with_fallbacks_keeps_pages_and_the_api_signed_in(signed_in, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the new key"
    assert signed_in.get("/api/rooms").status_code == 200
    assert signed_in.get(reverse("profile")).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert signed_in.get(reverse("profile")).status_code == 200  # the session was signed anew


def test_after_five_failures_the_sixth_try_waits(client, alice):
    for _ in range(5):
        client.post(reverse("account_login"), {"login": "alice", "password": "wrong"})
    answer = client.post(reverse("account_login"), {"login": "alice", "password": PASSWORD})
    assert answer.status_code == 200
    assert "Wait five minutes" in answer.content.decode()


def test_too_many_sign_ins_from_one_address_get_a_page_in_words(client, settings):
    answers = [client.post(reverse("account_login"), {"login": f"n{i}", "password": "x"}) for i in range(31)]
    assert answers[-1].status_code == 429
    assert "Too many attempts" in answers[-1].content.decode()


@pytest.mark.parametrize(
    ("proxies", "claimed", "status"),
    [
        (0, "203.0.113.{}", 429),  # nobody may say for themselves where they are
        (1, "203.0.113.{}", 200),  # each is somebody else, says the proxy
        (1, "198.51.100.{}, 203.0.113.1", 429),  # what the visitor wrote stands before what the proxy added
    ],
)
def test_an_address_is_believed_from_the_trusted_proxy_alone(client, settings, proxies, claimed, status):
    settings.TRUSTED_PROXY_COUNT = proxies
    answers = [
        client.post(
            reverse("account_login"),
            {"login": f"n{i}", "password": "x"},
            headers={"X-Forwarded-For": claimed.format(i)},
        )
        for i in range(31)
    ]
    assert answers[-1].status_code == status


def test_a_bot_cannot_sign_in(client, bot_user):
    answer = client.post(reverse("account_login"), {"login": bot_user.username, "password": ""})
    assert "_auth_user_id" not in client.session
    assert answer.status_code == 200


def test_somebody_deactivated_is_told_so_and_not_let_in(client, make_user):
    make_user("erin", is_active=False)
    answer = client.post(reverse("account_login"), {"login": "erin", "password": PASSWORD}, follow=True)
    assert "_auth_user_id" not in client.session
    assert "This account is deactivated" in answer.content.decode()


def test_sign_in_leads_back_but_never_to_another_site(client, alice):
    form = {"login": "alice", "password": PASSWORD}
    assert client.post("/accounts/login/?next=/chat/lobby/", form | {"next": "/chat/lobby/"}).url == "/chat/lobby/"
    client.logout()
    assert client.post("/accounts/login/", form | {"next": "https://evil.example/"}).url == "/chat/"


def test_signing_out_asks_first_and_needs_a_post(signed_in):
    assert signed_in.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in signed_in.session
    assert signed_in.post(reverse("account_logout")).url == "/accounts/login/"
    assert "_auth_user_id" not in signed_in.session


@pytest.mark.parametrize("page", ["account_login", "account_signup", "account_logout", "account_change_password"])
def test_every_form_needs_the_csrf_token(alice, page):
    strict = Client(enforce_csrf_checks=True)
    if page in ("account_logout", "account_change_password"):
        strict.force_login(alice)
    assert strict.post(reverse(page), {}).status_code == 403
