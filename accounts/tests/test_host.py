"""What a request says of the site's own address decides nothing: no limit, no link, no way out."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.mail.links import absolute_url
from accounts.models import User
from conftest import PASSWORD
from jobs.worker import run_all

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def fresh_limits(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "evil.example", "testserver"]
    settings.EMAIL_HOST = "mail.example.org"
    cache.clear()


def fail(name: str, host: str, address: str):
    form = {"login": name, "password": "wrong"}
    return Client(HTTP_HOST=host, REMOTE_ADDR=address).post(reverse("account_login"), form)


HOSTS = ["localhost:1", "localhost:2001", "127.0.0.1", "LOCALHOST", "evil.example:99", "localhost", "localhost:80"]


def test_failed_sign_ins_are_counted_whatever_the_host(alice):
    """From as many addresses, so that it is the name's limit that holds."""
    pages = [fail("alice", host, f"203.0.113.{i}").content.decode() for i, host in enumerate(HOSTS)]
    assert ["Wait five minutes" in page for page in pages] == [False] * 5 + [True, True]


def test_each_way_to_write_a_name_counts_for_the_same_account(alice):
    ways = ["alice", "ALICE", " Alice ", "al\u0131ce", "alIce", "aliCE"]
    pages = [fail(name, "localhost", f"203.0.113.{i}").content.decode() for i, name in enumerate(ways)]
    assert ["Wait five minutes" in page for page in pages] == [False] * 5 + [True]


NEW_PASSWORD = {"password1": "x7 horses", "password2": "x7 horses"}
MAILS = [  # path, form, and what of alice's account must be there
    ("account_reset_password", {"email": "alice@example.org"}),
    ("account_reset_password", {"email": "nobody@example.org"}),
    ("account_signup", {"username": "dora", "email": "alice@example.org"} | NEW_PASSWORD),
]


@pytest.mark.parametrize(("name", "form"), MAILS)
@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-Port": "99"}])
def test_every_mail_speaks_of_the_configured_address_alone(alice, name, form, headers):
    EmailAddress.objects.create(user=alice, email="alice@example.org", primary=True)
    Client(HTTP_HOST="evil.example:99").post(reverse(name), form, headers=headers)
    run_all()
    for message in mail.outbox:
        text = f"{message.subject}\n{message.body}"
        assert not re.search(r"evil|:99", text), text
        assert message.subject.startswith("[Roundtable] ")
        assert {link.startswith(f"{SITE}/") for link in re.findall(r"https?://\S+", text)} <= {True}
    assert mail.outbox or name == "account_signup"


def test_the_link_of_a_mail_works(alice):
    EmailAddress.objects.create(user=alice, email="alice@example.org", primary=True)
    Client(HTTP_HOST="evil.example:99").post(reverse("account_reset_password"), {"email": "alice@example.org"})
    run_all()
    link = re.search(rf"{re.escape(SITE)}(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    assert "Choose a new password" in Client().get(link, follow=True).content.decode()


def test_an_invitation_begins_with_the_configured_address(alice, settings):
    settings.SITE_URL = "https://chat.example.org"
    browser = Client(HTTP_HOST="evil.example:99")
    browser.force_login(alice)
    room = browser.post("/chat/", {"title": "Plans", "private": "on"}).url
    page = browser.post(f"{room}about/", {"do": "make_link", "days": "1"}).content.decode()
    assert re.search(r'value="https://chat\.example\.org/chat/invite/[\w-]+/"', page)
    assert "evil" not in page


LEADING_AWAY = [
    "https://evil.example/",
    "//evil.example/",
    "https://evil.example:99/",
    "http:///evil.example",
    "https:evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "http://127.0.0.1:8000@evil.example/",
    "http://localhost:9/",
    " https://evil.example/",
    "data:text/html,x",
]


@pytest.mark.parametrize("address", LEADING_AWAY)
def test_sign_in_leads_to_no_other_address_not_even_that_of_the_request(alice, address):
    browser = Client(HTTP_HOST="evil.example:99")
    answer = browser.post(reverse("account_login"), {"login": "alice", "password": PASSWORD, "next": address})
    assert answer.url == "/chat/"


def test_an_address_of_the_site_is_where_sign_in_may_lead(alice):
    form = {"login": "alice", "password": PASSWORD, "next": f"{SITE}/chat/lobby/"}
    assert Client().post(reverse("account_login"), form).url == f"{SITE}/chat/lobby/"


@pytest.mark.parametrize("place", ["/chat/x/?a=1#b", "http://evil.example:99/chat/x/?a=1#b", "//evil/chat/x/?a=1#b"])
def test_an_absolute_address(settings, place):
    settings.SITE_URL = "https://chat.example.org"
    assert absolute_url(place) == "https://chat.example.org/chat/x/?a=1#b"


def test_no_account_is_made_under_a_name_that_finds_another(alice):
    """Only ASCII can be a name; so what counts alike is alike."""
    Client().post(reverse("account_signup"), {"username": "al\u0131ce"} | NEW_PASSWORD)
    assert User.objects.filter(is_bot=False).count() == 1
