"""Signing in by an issuer: new people, connected accounts, and those who may not come."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.socialaccount.models import SocialAccount

from accounts.models import User
from audit.models import Entry
from conftest import PASSWORD

from .sso import address_on, back, begin, issuer_of, sign_in

SECRET = "MFRGGZDFMZTWQ2LK"
pytestmark = pytest.mark.django_db


def signed_in_user(client) -> User | None:
    found = client.session.get("_auth_user_id")
    return User.objects.get(pk=int(found)) if found else None


def connect(user: User, fake, subject: str = "1001") -> SocialAccount:
    return SocialAccount.objects.create(user=user, provider=fake.address, uid=subject)


def test_a_new_person_gets_an_account_with_their_name_and_address(client, company):
    company.person |= {"preferred_username": "Änne.Müller@corp", "name": "Änne Müller"}
    answer = sign_in(client, next="/chat/lobby/")
    assert answer.status_code == 302 and answer.url == "/chat/lobby/"
    made = signed_in_user(client)
    assert (made.username, made.display_name, made.email) == ("Aenne.Mueller", "Änne Müller", "ann@example.org")
    assert not made.has_usable_password() and made.preferences == {"welcome": True}
    assert EmailAddress.objects.get(user=made).verified
    account = SocialAccount.objects.get(user=made)
    assert (account.provider, account.uid) == (company.address, "1001")
    assert account.extra_data == {"label": "ann@example.org"}  # no more of what the issuer said is kept
    entry = Entry.objects.get(act="account.issuer_connected")
    assert (entry.actor, entry.person, entry.params) == (made.pk, made.pk, {"issuer": "127.0.0.1"})


def test_the_same_person_comes_to_the_same_account(client, company):
    sign_in(client)
    first = signed_in_user(client)
    client.logout()
    company.person |= {"email": "other@example.org", "preferred_username": "changed"}
    assert sign_in(client).status_code == 302
    assert signed_in_user(client) == first and User.objects.filter(is_bot=False).count() == 1


@pytest.mark.parametrize("handle", ["admin", "alice", "bot", "a", "", "🎲", "x" * 60])
def test_a_name_that_cannot_be_is_replaced(client, company, alice, handle):
    company.person |= {"preferred_username": handle, "email": "", "name": "Roundtable"}
    assert sign_in(client).status_code == 302
    made = signed_in_user(client)
    made.full_clean(exclude=["password"])
    assert made != alice and made.username.lower() not in ("admin", "alice", "bot") and made.display_name == ""


def test_an_address_that_the_issuer_has_not_verified_is_not_believed(client, company, alice):
    alice.email = "ann@example.org"
    alice.save()
    for said in (False, "false", None, 1):
        company.person |= {"email_verified": said, "sub": f"s{said}"}
        assert sign_in(client).status_code == 302
        assert signed_in_user(client) != alice and signed_in_user(client).email == ""
        client.logout()


@pytest.mark.parametrize("confirmed", [True, False])
def test_an_account_with_the_same_address_is_not_taken(client, company, alice, confirmed):
    alice.email = "ann@example.org"
    alice.save()
    EmailAddress.objects.create(user=alice, email=alice.email, verified=confirmed, primary=True)
    answer = sign_in(client)
    assert answer.status_code == 403 and "connect your account with Company in your settings" in answer.content.decode()
    assert signed_in_user(client) is None and not SocialAccount.objects.exists()
    assert alice.check_password("correct horse")


def test_a_trusted_issuer_comes_to_the_account_whose_address_is_confirmed(client, company, alice, settings):
    settings.SSO_PROVIDERS = (issuer_of(company, trust_addresses=True),)
    alice.email = "ann@example.org"
    alice.save()
    address = EmailAddress.objects.create(user=alice, email=alice.email, verified=False, primary=True)
    assert sign_in(client).status_code == 403  # somebody may have signed up with the address of another
    address.verified = True
    address.save()
    assert sign_in(client).status_code == 302
    assert signed_in_user(client) == alice and alice.check_password("correct horse")
    assert SocialAccount.objects.get().user == alice


def test_nobody_becomes_an_owner_by_an_address(client, company, alice, settings):
    settings.SSO_PROVIDERS = (issuer_of(company, trust_addresses=True),)
    alice.email, alice.is_superuser, alice.is_staff = "ann@example.org", True, True
    alice.save()
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    assert sign_in(client).status_code == 403


def test_only_addresses_of_its_domains_may_come(client, company, settings):
    settings.SSO_PROVIDERS = (issuer_of(company, domains=["example.com"]),)
    answer = sign_in(client)
    assert answer.status_code == 403 and "example.com" in answer.content.decode()
    company.person |= {"email": "ann@example.com", "email_verified": False}
    assert sign_in(client).status_code == 403
    company.person |= {"email_verified": True}
    assert sign_in(client).status_code == 302
    company.person |= {"email": "ann@elsewhere.example.com"}
    client.logout()
    assert sign_in(client).status_code == 403


@pytest.mark.parametrize(
    ("sign_up", "open_to_all", "may"),
    [("open", True, True), ("open", False, False), ("always", False, True), ("never", True, False)],
)
def test_who_may_sign_up(client, company, settings, sign_up, open_to_all, may):
    settings.SSO_PROVIDERS, settings.OPEN_SIGNUP = (issuer_of(company, sign_up=sign_up),), open_to_all
    sign_in(client)
    assert (signed_in_user(client) is not None) is may


def test_a_deactivated_account_stays_out(client, company, alice):
    connect(alice, company)
    alice.is_active = False
    alice.save()
    assert "deactivated" in client.get(sign_in(client).url).content.decode()
    assert signed_in_user(client) is None


def test_a_second_factor_is_asked_for_here_too(client, company, alice):
    connect(alice, company)
    TOTP.activate(alice, SECRET)
    assert sign_in(client).url == "/accounts/2fa/authenticate/"
    assert signed_in_user(client) is None
    client.post("/accounts/2fa/authenticate/", {"code": format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))})
    assert signed_in_user(client) == alice


def test_connecting_needs_a_confirmation_and_tells_the_owner(client, company, alice):
    alice.email = "alice@example.org"
    alice.save()
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    client.force_login(alice)
    assert begin(client, purpose="connect", next="/accounts/sso/").url.startswith("/accounts/reauthenticate/")
    page = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/sso/with/company/"})
    answer = back(client, address_on(page))
    assert answer.url == "/accounts/sso/" and SocialAccount.objects.get().user == alice
    shown = client.get("/accounts/sso/").content.decode()
    assert "ann@example.org" in shown and "Connect Company" not in shown


def test_what_is_connected_to_somebody_else_stays_with_them(client, company, alice, bob):
    connect(bob, company)
    client.force_login(alice)
    begin(client, purpose="connect")
    page = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/sso/with/company/"})
    back(client, address_on(page))
    assert SocialAccount.objects.get().user == bob
    assert "connected to somebody else" in client.get("/accounts/sso/").content.decode()


def test_the_last_way_in_stays(client, company):
    sign_in(client)
    account = SocialAccount.objects.get()
    _confirm(client)
    client.post(f"/accounts/sso/remove/{account.pk}/")
    assert SocialAccount.objects.exists()
    assert "the only way into your account" in client.get("/accounts/sso/").content.decode()
    user = account.user
    user.set_password("correct horse")
    user.save()
    client.force_login(user)
    _confirm(client)
    client.post(f"/accounts/sso/remove/{account.pk}/")
    assert not SocialAccount.objects.exists()
    assert Entry.objects.filter(act="account.issuer_disconnected", person=user.pk).count() == 1


def test_nobody_disconnects_the_account_of_another(client, company, alice, bob):
    theirs = connect(bob, company)
    connect(alice, company, "2")
    client.force_login(alice)
    company.person["sub"] = "2"
    _confirm(client)
    assert client.post(f"/accounts/sso/remove/{theirs.pk}/").status_code == 404


def test_who_has_no_password_confirms_by_the_issuer(client, company):
    sign_in(client)
    assert client.post("/accounts/tokens/", {"name": "x", "scope": "read", "days": 7}).url.startswith(
        "/accounts/sso/confirm/"
    )
    assert "Continue with Company" in client.get("/accounts/sso/confirm/").content.decode()
    shown = sign_in(client, purpose="confirm", next="/accounts/tokens/")
    assert shown.status_code in (200, 302)
    assert signed_in_user(client).tokens.count() == 1  # what was asked for goes on


def test_another_account_at_the_issuer_confirms_nothing(client, company):
    sign_in(client)
    company.person["sub"] = "2002"
    assert sign_in(client, purpose="confirm").status_code == 401
    assert client.post("/accounts/tokens/", {"name": "x", "scope": "read", "days": 7}).status_code == 302
    assert signed_in_user(client).tokens.count() == 0


def test_an_old_sign_in_confirms_nothing(client, company):
    sign_in(client)
    company.change = lambda claims: claims | {"auth_time": claims["iat"] - 3600}
    assert sign_in(client, purpose="confirm").status_code == 401


def _confirm(client) -> None:
    sign_in(client, purpose="confirm")
