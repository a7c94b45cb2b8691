"""No address leads out of the site, whatever `next` says: every one of the urlconf is tried."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "http:///evil.example/",
    "https:evil.example",
    "\\\\evil.example",
    "/\\evil.example/",
    "/\t/evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://127.0.0.1:8000@evil.example/",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "https://evil.example\\@testserver/",
    "%2f%2fevil.example",
    "ftp://testserver/",
]


def stays(address: str, location: str) -> bool:
    """Whether a browser that is sent from this address to that location stays on the site."""
    seen = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")  # as browsers read it
    seen = re.sub(r"^(https?):/*", r"\1://", seen)
    seen = re.sub(r"^//+", "//", seen)
    where = urlsplit(urljoin(f"http://testserver{address}", seen))
    return (where.scheme, where.netloc) == ("http", "testserver")


def test_a_way_out_would_be_seen():
    assert [target for target in ELSEWHERE if stays("/x/", target)] == ["%2f%2fevil.example"]  # a path


@pytest.mark.any_database
@pytest.mark.parametrize("kind", ["anonymous", "staff"])
def test_no_address_leads_out_of_the_site(routes, people, kind, tried):
    """With three of them each; those that look at `next` are tried with all below."""
    browser, cases = Client(raise_request_exception=False), 0
    if kind == "staff":
        browser.force_login(people["staff"])
    kept = browser.cookies.output()
    for route in routes:
        for target in ELSEWHERE[:2] + ELSEWHERE[6:7]:
            sid = transaction.savepoint()
            answer = browser.post(f"{route.address}?next={target}", {"next": target})
            transaction.savepoint_rollback(sid)
            browser.cookies.clear()
            browser.cookies.load(kept.replace("Set-Cookie: ", ""))
            cases += 1
            where = answer.get("Location", "/")
            assert stays(route.address, where), (route.name, target, where)
    tried(f"ways out of the site by {kind}", cases)


def test_who_signs_in_or_confirms_is_led_nowhere_else(people, tried):
    """With the right password, where `next` is looked at at last."""
    cases = 0
    for target in ELSEWHERE:
        for step in ("sign in", "confirm", "sign up", "sign out"):
            browser = Client()
            if step == "sign in":
                form = {"login": "bob", "password": PASSWORD, "next": target}
                answer = browser.post(reverse("account_login"), form)
            elif step == "sign up":
                form = {"username": f"new{cases}", "password1": "many horses 7", "password2": "many horses 7"}
                answer = browser.post(reverse("account_signup"), form | {"next": target})
            else:
                browser.force_login(people["member"])
                name = "account_reauthenticate" if step == "confirm" else "account_logout"
                answer = browser.post(reverse(name), {"password": PASSWORD, "next": target})
            cases += 1
            assert answer.status_code == 302, (step, target)
            assert stays("/accounts/login/", answer.url), (step, target, answer.url)
    tried("ways out of the site after a right password", cases)
