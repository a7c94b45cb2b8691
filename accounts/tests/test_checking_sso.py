"""`manage.py checksso` says which issuers people cannot come by, and why."""

import pytest
from django.core.management import CommandError, call_command

from testing.issuer import FakeIssuer

from .sso import issuer_of


def check(capsys) -> tuple[str, str]:
    """What it prints, and the sentence with which it ends; "": all is well."""
    try:
        call_command("checksso", no_color=True)
    except CommandError as error:
        return capsys.readouterr().out, str(error)
    return capsys.readouterr().out, ""


def test_an_issuer_that_works(company, capsys, settings):
    said, error = check(capsys)
    assert error == ""
    assert f"{settings.SITE_URL}/accounts/sso/with/company/callback/" in said
    assert "Keys: 1" in said
    assert f"{settings.SITE_URL}/accounts/sso/with/company/logout/" in said
    company.config = {"backchannel_logout_supported": False}
    assert "Tells of a logout: no" in check(capsys)[0]  # nothing is remembered from the time before


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"issuer": "https://elsewhere.example.org"}, "is of another issuer"),
        ({"token_endpoint": None}, "names no token_endpoint"),
        ({"jwks_uri": "http://127.0.0.1:1/"}, "http://127.0.0.1:1/"),
    ],
)
def test_what_is_wrong_is_said(company, capsys, config, why):
    company.config = config
    said, error = check(capsys)
    assert why in said
    assert error == "Nobody can sign in with Company."


def test_keys_that_sign_nothing(company, capsys):
    company.keys = []
    said, error = check(capsys)
    assert "has no key that can sign a token" in said
    assert error


def test_the_others_are_checked_too(company, capsys, settings):
    gone = FakeIssuer()
    gone.close()
    settings.SSO_PROVIDERS = (issuer_of(gone, key="gone", name="Gone"), *settings.SSO_PROVIDERS)
    said, error = check(capsys)
    assert "Keys: 1" in said
    assert error == "Nobody can sign in with Gone."


def test_no_issuer(capsys, settings):
    settings.SSO_PROVIDERS = ()
    assert check(capsys)[1] == "No issuer is set up: see SSO_PROVIDERS."
