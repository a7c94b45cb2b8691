"""Passkeys: what signs in, what comes after a password, and what is refused. In a browser: e2e/test_passkeys.py."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse

from accounts.security import passkeys
from conftest import PASSWORD, confirm

from .devices import browser, sign_in
from .soft_key import SoftKey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
SIGN_IN = "/accounts/2fa/webauthn/login/"
NOT_ACCEPTED = "This passkey was not accepted."
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def at_localhost(settings):
    settings.SITE_URL = "http://localhost:8000"


def question(page: str) -> dict:
    return json.loads(re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page)[1])


def add(client: Client, key: SoftKey, name: str = "My laptop", **changes):
    options = question(client.get(reverse("mfa_add_webauthn")).content.decode())["creation_options"]
    return client.post(
        reverse("mfa_add_webauthn"), {"name": name, "credential": json.dumps(key.create(options) | changes)}
    )


@pytest.fixture
def signed_in(client, alice) -> Client:
    client.force_login(alice)
    confirm(client)
    return client


@pytest.fixture
def key(signed_in, alice) -> SoftKey:
    key = SoftKey()
    assert add(signed_in, key).url == reverse("mfa_view_recovery_codes")
    return key


def asked(client: Client) -> dict:
    return client.get(SIGN_IN, headers=JSON).json()["request_options"]


def answer(client: Client, credential: dict | str, **more):
    text = credential if isinstance(credential, str) else json.dumps(credential)
    return client.post(SIGN_IN, {"credential": text, **more})


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("profile")).status_code == 200


def test_a_passkey_signs_in_alone_and_leads_on(key, alice):
    client = browser()
    assert answer(client, key.sign(asked(client), alice.pk)).url == "/chat/"
    assert is_signed_in(client)
    other = browser()
    assert answer(other, key.sign(asked(other), alice.pk), next="/inbox/").url == "/inbox/"
    third = browser()
    assert answer(third, key.sign(asked(third), alice.pk), next="https://evil.example/").url == "/chat/"
    assert Authenticator.objects.get(type="webauthn").last_used_at is not None


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"origin": "http://files.localhost:8000"}, id="another origin below the host"),
        pytest.param({"origin": "http://localhost:9000"}, id="another port"),
        pytest.param({"origin": "https://evil.example"}, id="another site"),
        pytest.param({"challenge": "AAAA"}, id="another challenge"),
        pytest.param({"type": "webauthn.create"}, id="another act"),
        pytest.param({"verified": False}, id="nobody verified"),
    ],
)
def test_what_is_refused(key, alice, wrong):
    client = browser()
    refused = answer(client, key.sign(asked(client), alice.pk, **wrong))
    assert refused.url == "/accounts/login/"
    assert NOT_ACCEPTED in client.get(refused.url).content.decode()
    assert not is_signed_in(client)


def test_each_answer_counts_once_and_only_for_whom_it_is(key, alice, bob, signed_in):
    client, other = browser(), browser()
    said = key.sign(asked(client), alice.pk)
    answer(client, said)
    asked(other)
    assert answer(other, said).url == "/accounts/login/"  # for another question
    assert answer(other, key.sign(asked(other), bob.pk)).url == "/accounts/login/"
    unknown = SoftKey()
    assert answer(other, unknown.sign(asked(other), alice.pk)).url == "/accounts/login/"
    assert answer(browser(), said).url == "/accounts/login/"  # which was never asked
    assert not is_signed_in(other)


def test_a_removed_key_and_a_closed_account_are_refused(key, alice, signed_in):
    client, row = browser(), Authenticator.objects.get(type="webauthn")
    alice.is_active = False
    alice.save()
    assert answer(client, key.sign(asked(client), alice.pk)).url == reverse("account_inactive")
    alice.is_active = True
    alice.save()
    signed_in.force_login(alice)
    confirm_with(signed_in, key, alice)
    assert signed_in.post(reverse("mfa_remove_webauthn", args=[row.pk])).status_code == 302
    assert not Authenticator.objects.exists()  # recovery codes alone are for nothing
    client = browser()
    assert answer(client, key.sign(asked(client), alice.pk)).url == "/accounts/login/"


def confirm_with(client: Client, key: SoftKey, user) -> None:
    page = client.get(reverse("mfa_reauthenticate_webauthn")).content.decode()
    said = key.sign(question(page)["request_options"], user.pk)
    assert client.post(reverse("mfa_reauthenticate_webauthn"), {"credential": json.dumps(said)}).status_code == 302


def test_after_the_password_comes_a_passkey_or_a_code(key, alice):
    client = browser()
    assert sign_in(client).url == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    page = client.get(reverse("mfa_authenticate")).content.decode()
    wrong = SoftKey().sign(question(page)["request_options"], alice.pk)
    page = client.post(reverse("mfa_authenticate"), {"credential": json.dumps(wrong)}).content.decode()
    assert NOT_ACCEPTED in page
    right = key.sign(question(page)["request_options"], alice.pk, verified=False)  # the password was given
    assert client.post(reverse("mfa_authenticate"), {"credential": json.dumps(right)}).url == "/chat/"
    other = browser()
    sign_in(other)
    code = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    assert other.post(reverse("mfa_authenticate"), {"code": code}).url == "/chat/"


def test_attempts_after_a_password_are_limited(key, alice):
    client = browser("198.51.100.9")
    sign_in(client)
    for _ in range(6):
        page = client.get(reverse("mfa_authenticate")).content.decode()
        wrong = SoftKey().sign(question(page)["request_options"], alice.pk)
        page = client.post(reverse("mfa_authenticate"), {"credential": json.dumps(wrong)}).content.decode()
    assert "Wait five minutes" in page


def test_asking_is_limited_for_an_address():
    client = browser("198.51.100.77")
    assert [client.get(SIGN_IN, headers=JSON).status_code for _ in range(61)][-2:] == [200, 429]


def test_adding_renaming_and_removing_ask_who_it_is(client, alice, signed_in, key):
    row = Authenticator.objects.get(type="webauthn")
    other = Client()
    other.force_login(alice)
    for address in (
        reverse("mfa_add_webauthn"),
        *(reverse(name, args=[row.pk]) for name in ("mfa_edit_webauthn", "mfa_remove_webauthn")),
    ):
        assert "reauthenticate" in other.get(address).url
        assert "reauthenticate" in other.post(address, {"name": "x"}).url
    signed_in.post(reverse("mfa_edit_webauthn", args=[row.pk]), {"name": " The\u202ebest "})
    signed_in.post(reverse("mfa_edit_webauthn", args=[row.pk]), {"name": "The blue one"})
    page = signed_in.get(reverse("mfa_index")).content.decode()
    assert "The blue one" in page
    assert "best" not in page
    assert row.pk and Authenticator.objects.filter(user=alice, type="webauthn").count() == 1


def test_nobody_touches_the_keys_of_others(key, bob):
    row, client = Authenticator.objects.get(type="webauthn"), Client()
    client.force_login(bob)
    confirm(client)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.post(reverse(name, args=[row.pk]), {"name": "mine"}).status_code == 404


def test_a_key_of_another_origin_is_not_added_and_not_more_than_may_be(signed_in, alice, monkeypatch):
    assert NOT_ACCEPTED in add(signed_in, SoftKey(origin="http://files.localhost:8000")).content.decode()
    monkeypatch.setattr(passkeys, "MOST", 1)
    assert add(signed_in, SoftKey()).status_code == 302
    assert signed_in.get(reverse("mfa_add_webauthn")).url == reverse("mfa_index")


@pytest.mark.parametrize(
    "garbage",
    [
        *("", "{}", "[]", "null", "7", "{", '"x"', '{"id": 7}', "[" * 15_000, '{"id": "\\u0000"}', "x" * 30_000),
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", '
        '"authenticatorData": "AA", "signature": "AA", "userHandle": "%%%"}}',
    ],
)
def test_garbage_is_refused(signed_in, alice, garbage):
    client = browser()
    asked(client)
    assert answer(client, garbage).url == "/accounts/login/"
    assert signed_in.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": garbage}).status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("site", ["http://127.0.0.1:8000", "https://[::1]", "http://chat.example.org"])
def test_where_browsers_make_no_keys_the_page_says_so(signed_in, settings, site):
    settings.SITE_URL = site
    assert "browsers want an address with a name and https" in signed_in.get(reverse("mfa_index")).content.decode()
    assert signed_in.get(reverse("mfa_add_webauthn")).url == reverse("mfa_index")
    assert browser().get(SIGN_IN, headers=JSON).status_code == 404
    assert "data-passkey" not in browser().get("/accounts/login/").content.decode()


def test_the_site_is_that_of_the_setting_whatever_the_request_names(settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://chat.example.org", ["*"]
    page = browser().get("/accounts/login/", headers={"Host": "other.example.org"}).content.decode()
    assert 'data-host="chat.example.org"' in page
    options = browser().get(SIGN_IN, headers={**JSON, "Host": "other.example.org"}).json()["request_options"]
    assert options["publicKey"]["rpId"] == "chat.example.org"
    assert options["publicKey"]["userVerification"] == "required"


def test_a_password_still_works_where_no_key_was_added(alice):
    assert sign_in(browser()).url == "/chat/"
    assert PASSWORD
