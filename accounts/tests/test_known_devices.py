"""Nobody locks anybody else out: a device that signed in before gets past any flood."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.security import known_devices
from conftest import PASSWORD, confirm
from jobs.worker import run_all

from .devices import WAIT, attack, browser, sign_in, signs_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


@pytest.fixture
def known(alice) -> Client:
    """A browser in which alice has signed in, and out again."""
    client = browser()
    assert signs_in(client)
    client.post(reverse("account_logout"))
    return client


def test_a_flood_of_strangers_locks_out_strangers_alone(known, alice):
    assert WAIT in attack()[-1]
    assert WAIT in sign_in(browser("198.51.100.1")).content.decode()  # with the right password
    assert signs_in(known)


def test_a_flood_from_the_same_address_locks_it_out_neither(known, alice):
    attack(address="192.0.2.1", times=40)
    assert sign_in(browser("192.0.2.1")).status_code == 429
    assert signs_in(known)


def test_all_addresses_of_an_ipv6_block_share_a_limit(alice, bob):
    attack(address="2001:db8::{}", times=40)
    assert sign_in(browser("2001:db8::ffff:1"), name="bob").status_code == 429
    assert signs_in(browser("2001:db8:0:1::1"), name="bob")


def test_a_known_device_has_a_limit_of_its_own(known, alice):
    attack()
    pages = [sign_in(known, "wrong").content.decode() for _ in range(6)]
    assert [WAIT in page for page in pages] == [False] * 5 + [True]
    assert WAIT in sign_in(known).content.decode()


def test_what_a_known_device_may_try_opens_no_other_account(known, alice, make_user):
    make_user("dora")
    attack("dora")
    assert WAIT in sign_in(known, name="dora").content.decode()


@pytest.mark.parametrize("name", ["alice", "nobody"])
def test_known_and_unknown_names_are_answered_alike(known, alice, name):
    """Also to somebody who holds a cookie, which is another person's."""
    known.cookies["devices"] = "abc.20000.def~" + known.cookies["devices"].value
    make_other = User.objects.create(username="other")
    assert make_other.pk
    stranger = browser()
    stranger.cookies["devices"] = "x.1.y"
    pages = [_plain(sign_in(stranger, "wrong", "other" if name == "alice" else name)) for _ in range(7)]
    assert ["Wrong user name or password" in page for page in pages] == [True] * 5 + [False] * 2
    assert [WAIT in page for page in pages] == [False] * 5 + [True] * 2


def _plain(answer) -> str:
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def test_a_cookie_made_by_hand_is_none(known, alice):
    attack()
    number, day, mac = known.cookies["devices"].value.split(".")
    forged = [
        f"{number}.{day}.{mac[:-1]}{'0' if mac[-1] != '0' else '1'}",
        f"{number}x.{day}.{mac}",
        f"{number}.{int(day) + 1}.{mac}",
        "..",
        "~" * 500,
        "a.9999999.b",
        f"{number}.²³.{mac}",
    ]
    for cookie in forged:
        client = browser("198.51.100.7")
        client.cookies["devices"] = cookie
        assert not signs_in(client), cookie


def test_a_new_password_forgets_every_other_device(known, alice):
    other = browser("198.51.100.2")
    assert signs_in(other)
    form = {"oldpassword": PASSWORD, "password1": "third horse 9", "password2": "third horse 9"}
    assert other.post(reverse("account_change_password"), form).status_code == 302
    other.post(reverse("account_logout"))
    attack()
    assert signs_in(other, "third horse 9")  # where it was set
    assert not signs_in(known, "third horse 9")


def test_a_reset_by_mail_makes_the_device_known(alice):
    EmailAddress.objects.create(user=alice, email="alice@example.org", primary=True)
    client = browser()
    client.post(reverse("account_reset_password"), {"email": "alice@example.org"})
    run_all()
    link = re.search(r"(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    page = client.get(link, follow=True)
    attack()
    client.post(page.request["PATH_INFO"], {"password1": "third horse 9", "password2": "third horse 9"})
    assert signs_in(client, "third horse 9")


def test_a_key_rotation_with_fallbacks_keeps_devices_known(known, alice, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the new key"
    attack()
    assert signs_in(known)


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_names_nobody(known, alice, settings):
    cookie = known.cookies["devices"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 365 * 24 * 3600
    assert "alice" not in cookie.value
    assert re.fullmatch(r"[\w-]{12}\.\d{5}\.[0-9a-f]{32}", cookie.value)


def test_several_accounts_share_a_browser(known, alice, make_user):
    for name in ("bea", "cleo", "dora"):
        make_user(name)
        assert signs_in(known, name=name)
        known.post(reverse("account_logout"))
    for name in ("alice", "bea", "cleo", "dora"):
        attack(name)
        assert signs_in(known, name=name)
        known.post(reverse("account_logout"))
    make_user("erin")
    assert signs_in(known, name="erin")
    assert known.cookies["devices"].value.count("~") == known_devices.MAX_ENTRIES - 1


def test_the_cookie_is_renewed_while_it_is_used_and_ends_when_it_is_not(known, alice, monkeypatch):
    before = known.cookies["devices"].value
    now = known_devices._today()
    monkeypatch.setattr(known_devices, "_today", lambda: now + 31)
    assert signs_in(known)
    after = known.cookies["devices"].value
    assert before.split(".")[0] not in after
    monkeypatch.setattr(known_devices, "_today", lambda: now + 31 + 366)
    known.post(reverse("account_logout"))
    known.cookies["devices"] = after
    attack()
    assert not signs_in(known)


def test_a_session_from_before_the_cookie_gets_one_with_its_next_page(alice):
    client = browser()
    client.force_login(alice)
    assert "devices" not in client.cookies
    client.get("/chat/")
    client.post(reverse("account_logout"))
    attack()
    assert signs_in(client)


def test_who_is_signed_in_can_confirm_their_password_whatever_strangers_do(alice):
    client = browser()
    client.force_login(alice)
    attack()
    confirm(client)
    assert client.post(reverse("tokens"), {"name": "script", "scope": "full", "days": "90"}).status_code == 200
    pages = [client.post(reverse("account_reauthenticate"), {"password": "wrong"}).content.decode() for _ in range(12)]
    assert "Wrong password." in pages[0]
    assert WAIT in pages[-1]
