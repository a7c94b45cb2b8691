"""A second factor is possible for everyone, and with it a password alone opens nothing."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

from conftest import PASSWORD, confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, alice):
    client.post(reverse("account_login"), {"login": "alice", "password": PASSWORD})
    return client


def code_of(key: str) -> str:
    """What an app shows now."""
    return format_hotp_value(hotp_value(key, int(time.time()) // 30))


def turn_on(client) -> tuple[str, list[str]]:
    """→ the key, and the codes for an emergency."""
    confirm(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    key = re.search(r'id="key" value="([A-Z2-7]+)"', page)[1]
    assert 'src="data:image/svg+xml;base64,' in page
    codes = client.post(reverse("mfa_activate_totp"), {"code": code_of(key)}, follow=True).content.decode()
    return key, re.findall(r"<li>(\d{8})</li>", codes)


def is_signed_in(client) -> bool:
    return client.get("/chat/").status_code == 200


def sign_in(client):
    return client.post(reverse("account_login"), {"login": "alice", "password": PASSWORD})


def test_with_it_a_password_alone_opens_nothing(signed_in):
    key, codes = turn_on(signed_in)
    assert len(codes) == 10
    assert "Two-factor authentication is on." in signed_in.get(reverse("mfa_index")).content.decode()
    signed_in.post(reverse("account_logout"))
    assert sign_in(signed_in).url == reverse("mfa_authenticate")
    assert not is_signed_in(signed_in)
    assert signed_in.get("/api/rooms").status_code == 401
    wrong = signed_in.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert not is_signed_in(signed_in)
    signed_in.post(reverse("mfa_authenticate"), {"code": codes[0]})  # that of the app was used a moment ago
    assert is_signed_in(signed_in)


def test_a_code_for_an_emergency_works_once(signed_in):
    _key, codes = turn_on(signed_in)
    for outcome in (True, False):
        signed_in.post(reverse("account_logout"))
        sign_in(signed_in)
        signed_in.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert is_signed_in(signed_in) is outcome


def test_codes_cannot_be_tried_for_long(signed_in):
    turn_on(signed_in)
    signed_in.post(reverse("account_logout"))
    sign_in(signed_in)
    answers = [signed_in.post(reverse("mfa_authenticate"), {"code": f"{i:06}"}) for i in range(12)]
    assert "Incorrect code" in answers[0].content.decode()
    assert "Incorrect code" not in answers[-1].content.decode()  # but that there were too many
    assert not is_signed_in(signed_in)


def test_the_admin_asks_for_it_too(client, make_user):
    root = make_user("root", is_staff=True, is_superuser=True)
    client.post(reverse("account_login"), {"login": "root", "password": PASSWORD})
    _key, codes = turn_on(client)
    client.post(reverse("account_logout"))
    client.post(f"{reverse('account_login')}?next=/admin/", {"login": "root", "password": PASSWORD, "next": "/admin/"})
    assert client.get("/admin/").status_code == 302
    answer = client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert answer.url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert Authenticator.objects.filter(user=root).exists()


def test_it_is_turned_on_and_off_only_by_who_shows_once_more_that_it_is_them(signed_in, alice):
    for page in ("mfa_activate_totp", "mfa_deactivate_totp"):
        answer = signed_in.get(reverse(page))
        assert re.match(r"/accounts/(2fa/)?reauthenticate/", answer.url)
        assert "Confirm that it is you" in signed_in.get(answer.url).content.decode()
        signed_in.post(reverse(page), {"code": "123456"})
        assert Authenticator.objects.filter(user=alice, type="totp").exists() is (page == "mfa_deactivate_totp")
        if page == "mfa_activate_totp":
            _key, codes = turn_on(signed_in)
            signed_in.post(reverse("account_logout"))
            sign_in(signed_in)
            signed_in.post(reverse("mfa_authenticate"), {"code": codes[0]})


def test_it_can_be_turned_off_and_new_codes_can_be_made(signed_in, alice):
    _key, codes = turn_on(signed_in)
    assert "will stop working" in signed_in.get(reverse("mfa_generate_recovery_codes")).content.decode()
    page = signed_in.post(reverse("mfa_generate_recovery_codes"), follow=True).content.decode()
    assert not set(codes) & set(re.findall(r"<li>(\d{8})</li>", page))
    signed_in.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=alice).exists()
    signed_in.post(reverse("account_logout"))
    sign_in(signed_in)
    assert is_signed_in(signed_in)


def test_staff_remove_that_of_somebody_who_lost_theirs_and_read_no_key(client, alice, make_user):
    client.force_login(make_user("root", is_staff=True, is_superuser=True))
    lost = Authenticator.objects.create(user=alice, type="totp", data={"secret": "MFRGGZDFMZTWQ2LK"})
    for path in ("changelist", "change", "delete"):
        args = [] if path == "changelist" else [lost.pk]
        assert "MFRGG" not in client.get(reverse(f"admin:mfa_authenticator_{path}", args=args)).content.decode()
    assert client.get(reverse("admin:mfa_authenticator_add")).status_code == 403
    client.post(reverse("admin:mfa_authenticator_delete", args=[lost.pk]), {"post": "yes"})
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("name", ["mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes"])
def test_these_pages_carry_no_inline_script_or_style(signed_in, name):
    if name == "mfa_view_recovery_codes":
        turn_on(signed_in)
    confirm(signed_in)
    page = signed_in.get(reverse(name)).content.decode()
    assert "<h1>" in page
    assert not re.search(r"<script(?![^>]*(src=|application/json))|<style|\sstyle=|\son\w+=", page)


def test_the_pages_speak_german(signed_in):
    german = {"Accept-Language": "de"}
    confirm(signed_in)
    assert "Einschalten" in signed_in.get(reverse("mfa_index"), headers=german).content.decode()
    assert "Scanne dies" in signed_in.get(reverse("mfa_activate_totp"), headers=german).content.decode()
