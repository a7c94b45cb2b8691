"""A right second factor gets past any flood, and no flood of codes locks anybody out."""

import re
import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.urls import reverse

from .devices import LOGIN, WAIT, attack, browser, sign_in, signs_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


def code_of(key: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(key, int(time.time()) // 30 + steps))


@pytest.fixture
def key(alice) -> str:
    key = generate_totp_secret()
    TOTP.activate(alice, key)
    return key


def test_a_right_code_gets_past_a_flood_together_with_the_password(alice, key):
    attack()
    client = browser("198.51.100.3")
    page = sign_in(client)
    assert WAIT in page.content.decode()
    assert "One-time code" in page.content.decode()
    assert WAIT in sign_in(client, code="000000").content.decode()
    assert "Wrong user name or password" in sign_in(client, "wrong", code=code_of(key)).content.decode()
    assert sign_in(client, code=code_of(key)).url == "/chat/"  # and it is not asked for again
    assert client.get("/chat/").status_code == 200


def test_so_does_a_code_for_an_emergency_which_is_used_up(alice, key):
    code = RecoveryCodes.activate(alice).get_unused_codes()[0]
    attack()
    assert sign_in(browser("198.51.100.4"), code=code).url == "/chat/"
    again = browser("198.51.100.5")
    assert WAIT in sign_in(again, code=code).content.decode()


def test_a_code_past_the_block_limit(alice, key):
    attack(address="198.51.100.6", times=35)
    assert sign_in(browser("198.51.100.6"), code="000000").status_code == 429
    assert sign_in(browser("198.51.100.6"), code=code_of(key)).url == "/chat/"


def test_passwords_cannot_be_tried_for_long_with_a_right_code(alice, key):
    attack()
    client = browser("198.51.100.7")
    pages = [sign_in(client, f"wrong{i}", code=code_of(key)).content.decode() for i in range(6)]
    assert ["Wrong user name or password" in page for page in pages] == [True] * 5 + [False]


def test_the_field_for_a_code_is_offered_for_every_name_and_only_then(alice, key):
    assert 'type="hidden" name="code"' in browser().get(LOGIN).content.decode()
    for name in ("alice", "bob", "nobody"):
        pages = [re.sub(r"\s+", " ", page) for page in attack(name)]
        assert [' type="text" name="code"' in page for page in pages] == [False] * 5 + [True] * 3


def test_who_knows_the_password_alone_locks_nobody_out_of_the_second_step(alice, key):
    mine = browser()
    sign_in(mine)
    assert mine.post(reverse("mfa_authenticate"), {"code": code_of(key, -1)}).url == "/chat/"
    mine.post(reverse("account_logout"))
    thief = browser("203.0.113.9")
    sign_in(thief)
    pages = [thief.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode() for _ in range(7)]
    assert WAIT in pages[-1]
    assert signs_in(mine)
    assert mine.post(reverse("mfa_authenticate"), {"code": code_of(key)}).url == "/chat/"


def test_a_code_works_once_for_as_long_as_it_is_valid(alice, key):
    code = code_of(key, 1)
    first, second = browser(), browser("203.0.113.9")
    for client in (first, second):
        sign_in(client)
    assert first.post(reverse("mfa_authenticate"), {"code": code}).url == "/chat/"
    cache.delete(f"allauth.mfa.totp.used?user={alice.pk}&code={code}")  # which it does after half a minute
    assert "Incorrect code" in second.post(reverse("mfa_authenticate"), {"code": code}).content.decode()
