"""Where somebody is signed in: what is kept of it, how it is shown, and how it ends."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import SignedInSession, Token, User
from accounts.privacy.personal_data import export_sessions
from accounts.scopes import Scope
from accounts.security import authentication, session_use
from accounts.security.client_addresses import address_block, network_of
from accounts.security.recent_use import RecentUse
from conftest import PASSWORD
from jobs.worker import run_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def nothing_used(monkeypatch):
    monkeypatch.setattr(session_use, "_used", RecentUse())


def signed_in(agent: str, address: str, name: str = "alice") -> Client:
    client = Client(REMOTE_ADDR=address, headers={"User-Agent": agent})
    assert client.post("/accounts/login/", {"login": name, "password": PASSWORD}).status_code == 302
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("profile")).status_code == 200


@pytest.fixture
def laptop(alice) -> Client:
    return signed_in(FIREFOX, "203.0.113.7")


@pytest.fixture
def phone(alice) -> Client:
    return signed_in(PHONE, "2001:db8:1:2::5")


def sessions(client: Client) -> list[dict]:
    return client.get("/api/me/sessions").json()["sessions"]


def test_each_is_listed_with_its_name_its_network_and_its_last_use(laptop, phone):
    page = laptop.get(reverse("devices")).content.decode()
    assert page.index("Firefox on Linux") < page.index("this one") < page.index("Chrome on Android")
    assert "203.0.113.x" in page
    assert "203.0.113.7" not in page
    assert "2001:db8:1:…" in page
    assert page.count("In use now") == page.count("Used in the last ten minutes") == 1


def test_of_an_address_only_the_first_part_is_kept():
    blocks = ["203.0.113.7", "2001:db8:1:2::5", "::ffff:192.0.2.1", "nonsense", "::1"]
    assert [network_of(address_block(each)) for each in blocks] == [
        *("203.0.113.x", "2001:db8:1:…", "192.0.2.x", "", "0:0:0:…"),
    ]


def test_signing_out_there_ends_that_one_alone(laptop, phone, alice):
    [_here, there] = sessions(laptop)
    assert laptop.post(reverse("end_session", args=[there["id"]])).url == reverse("devices")
    assert not is_signed_in(phone)
    assert is_signed_in(laptop)
    assert len(sessions(laptop)) == 1
    assert laptop.delete(f"/api/me/sessions/{there['id']}").json()["reason"] == "no_such_session"


def test_signing_out_everywhere_else_keeps_the_one_that_asks(laptop, phone, alice):
    third = signed_in(FIREFOX, "198.51.100.1")
    answer = laptop.post(reverse("end_other_sessions"), follow=True).content.decode()
    assert "Signed out on 2 other devices." in answer
    assert [is_signed_in(each) for each in (laptop, phone, third)] == [True, False, False]
    assert "nowhere else" in laptop.post(reverse("end_other_sessions"), follow=True).content.decode()


def test_nobody_ends_what_is_somebody_elses(laptop, bob):
    theirs = signed_in(PHONE, "198.51.100.1", "bob")
    [row] = SignedInSession.objects.filter(user=bob)
    laptop.post(reverse("end_session", args=[row.pk]))
    assert laptop.delete(f"/api/me/sessions/{row.pk}").status_code == 404
    laptop.post(reverse("end_other_sessions"))
    assert is_signed_in(theirs)


def test_over_http_it_is_the_same(laptop, phone):
    [here, there] = sessions(phone)
    assert (here["name"], here["network"], here["here"], here["push"]) == (
        *("Chrome on Android", "2001:db8:1:…"),
        *(True, False),
    )
    assert there["last_used"] >= there["created"]
    assert phone.delete(f"/api/me/sessions/{there['id']}").status_code == 204
    assert not is_signed_in(laptop)
    assert phone.delete("/api/me/sessions").json() == {"ended": 0}


def test_a_token_needs_all_rights_for_it(laptop, alice):
    for scope, status in [(Scope.READ, 403), (Scope.WRITE, 403), (Scope.FULL, 200)]:
        _token, secret = Token.issue(alice, "x", scope)
        bearer = {"Authorization": f"Bearer {secret}"}
        assert Client().get("/api/me/sessions", headers=bearer).status_code == status
    assert Client().delete("/api/me/sessions", headers=bearer).json() == {"ended": 1}
    assert not is_signed_in(laptop)


def test_a_browser_that_shows_pushes_says_so(laptop, phone, alice):
    from notifications.models import PushSubscription

    digest = authentication.session_digest(phone.session.session_key)
    PushSubscription.objects.create(user=alice, session=digest, ends=timezone.now() + timedelta(days=1))
    assert [each["push"] for each in sessions(laptop)] == [False, True]
    [_here, there] = sessions(laptop)
    laptop.delete(f"/api/me/sessions/{there['id']}")
    assert not PushSubscription.objects.exists()


def test_a_request_writes_nothing_and_the_last_use_is_stored_later(laptop, django_assert_num_queries):
    long_ago = timezone.now() - timedelta(days=2)
    SignedInSession.objects.update(last_used=long_ago)
    laptop.get("/api/me")
    assert SignedInSession.objects.get().last_used == long_ago
    assert session_use.flush() == 1
    assert SignedInSession.objects.get().last_used > timezone.now() - timedelta(minutes=1)
    laptop.get("/api/me")
    assert session_use.flush() == 0  # not again within five minutes


def test_a_session_of_before_is_listed_when_it_is_used(laptop, alice):
    SignedInSession.objects.all().delete()
    session_use._used.take()
    assert "Firefox on Linux" in laptop.get(reverse("devices")).content.decode()  # here, before it is stored
    session_use._used = RecentUse()
    laptop.get("/api/me")
    session_use.flush()
    row = SignedInSession.objects.get()
    assert (row.user, row.network, row.created) == (alice, "203.0.113.x", None)


def test_open_sockets_count_as_a_use(laptop, alice):
    long_ago = timezone.now() - timedelta(days=2)
    SignedInSession.objects.update(last_used=long_ago)
    assert authentication.find_ended_sessions({laptop.session.session_key: alice.pk}) == set()
    session_use.flush()
    assert SignedInSession.objects.get().last_used > long_ago


def test_what_has_ended_leaves_no_row_and_what_was_forgotten_is_not_shown(laptop, phone, alice):
    phone.post(reverse("account_logout"))
    assert SignedInSession.objects.count() == 1
    third = signed_in(FIREFOX, "198.51.100.1")
    Session.objects.filter(pk=third.session.session_key)._raw_delete("default")
    assert len(sessions(laptop)) == 1
    alice.set_password("another horse")
    alice.save()
    assert not is_signed_in(laptop)
    assert sessions(signed_in_with(alice))[0]["here"]


def signed_in_with(user: User) -> Client:
    client = Client()
    client.force_login(user)
    assert len(sessions(client)) == 0 or sessions(client)[0]["here"]
    client.get(reverse("devices"))
    session_use.flush()
    return client


def test_a_session_that_ends_meanwhile_is_not_stored_again(laptop):
    session_use._used = RecentUse()
    laptop.get("/api/me")
    Session.objects.all().delete()
    session_use.flush()
    assert not SignedInSession.objects.exists()


def test_it_is_in_the_export_and_goes_with_the_account(laptop, alice):
    [row] = [each for each in export_sessions(alice) if each]
    assert (row["browser"], row["network"]) == (FIREFOX, "203.0.113.x")
    assert row["signed_in"] is not None
    assert laptop.session.session_key not in str(row)


# --- the mail about a new device ---


@pytest.fixture
def with_mail(settings, alice):
    settings.EMAIL_HOST = "mail.example.org"
    User.objects.filter(pk=alice.pk).update(date_joined=timezone.now() - timedelta(days=1))
    EmailAddress.objects.create(user=alice, email="alice@example.org", primary=True)
    cache.clear()


def told() -> list[str]:
    run_all()
    return [message.subject.removeprefix("[Roundtable] ") for message in mail.outbox]


def test_a_new_device_is_told_and_a_known_one_is_not(with_mail, alice):
    client = signed_in(FIREFOX, "203.0.113.7")
    assert told() == ["New sign-in to your account"]
    body = mail.outbox[0].body
    for text in ("203.0.113.7", "Firefox/140.0", "/accounts/devices/", "your account alice"):
        assert text in body
    client.post(reverse("account_logout"))
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    signed_in(FIREFOX, "203.0.113.7")  # keeps no cookies: once a day
    assert len(told()) == 1
    signed_in(PHONE, "203.0.113.7")
    assert len(told()) == 2


def test_whoever_has_just_signed_up_is_not_told(with_mail, alice):
    User.objects.filter(pk=alice.pk).update(date_joined=timezone.now())
    signed_in(FIREFOX, "203.0.113.7")
    assert told() == []
