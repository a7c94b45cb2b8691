"""Issuers that others wrote: allauth's own, and oidc-provider-mock (Authlib), each as a program of its own."""

import json
import os
import re
import subprocess
import sys
import time
from urllib.parse import urljoin

import httpx2
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from accounts.issuers import metadata
from accounts.issuers.issuer import make_issuer
from testing.allauth_idp import CLIENT, PASSWORD, SECRET
from testing.ports import free_port

from .sso import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
CALLBACK = "/accounts/sso/with/company/callback/"


@pytest.fixture
def program():
    """Starts a program that listens at a port."""
    running = []

    def start(port: int, *arguments: str) -> subprocess.Popen:
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        process = subprocess.Popen([sys.executable, "-m", *arguments], env=environment)
        running.append(process)
        deadline = time.monotonic() + 120
        while True:
            try:
                httpx2.get(f"http://127.0.0.1:{port}/.well-known/openid-configuration")
                return process
            except httpx2.TransportError:
                assert process.poll() is None and time.monotonic() < deadline
                time.sleep(0.1)

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait()


@pytest.fixture
def known(settings, fresh_limits):
    def know(port: int, secret: str) -> None:
        fields = {"key": "company", "name": "Company", "issuer": f"http://127.0.0.1:{port}"}
        settings.SSO_PROVIDERS = (make_issuer(fields | {"client_id": CLIENT, "client_secret": secret}, private=True),)
        metadata.forget()

    yield know
    metadata.forget()


def new_key(path) -> str:
    key = rsa.generate_private_key(65537, 2048)
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    return str(path)


def at_allauth(address: str) -> str:
    """Ann signs in there, by its pages."""
    with httpx2.Client(follow_redirects=False, timeout=60) as browser:
        answer = browser.get(address)
        while "/accounts/sso/" not in (location := answer.headers.get("Location", "")):
            if location:
                answer = browser.get(urljoin(str(answer.url), location))
                continue
            fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
            fields = {name: value.replace("&amp;", "&") for name, value in fields.items()}
            assert "password" in answer.text, answer.text
            answer = browser.post(str(answer.url), data=fields | {"login": "ann", "password": PASSWORD})
        return location


def test_allauths_issuer_signs_people_in_also_with_new_keys(client, program, known, tmp_path, settings):
    port = free_port()
    arguments = (str(port), str(tmp_path / "idp.sqlite3"))
    callback = settings.SITE_URL.rstrip("/") + CALLBACK
    first = program(port, "testing.allauth_idp", *arguments, new_key(tmp_path / "1.pem"), callback)
    known(port, SECRET)
    assert sign_in(client, at_issuer=at_allauth).url == "/chat/"
    made = SocialAccount.objects.get()
    assert made.user.username == "ann" and made.user.email == "ann@example.org"
    client.logout()
    first.terminate()
    first.wait()
    program(port, "testing.allauth_idp", *arguments, new_key(tmp_path / "2.pem"), callback)
    for kept in metadata._metadata.values():
        kept.at -= metadata.AGAIN + 1
    assert sign_in(client, at_issuer=at_allauth).url == "/chat/"
    assert int(client.session["_auth_user_id"]) == made.user_id and SocialAccount.objects.count() == 1


def at_mock(address: str) -> str:
    """Ann presses the button with her name there."""
    answer = httpx2.post(address, data={"sub": "ann-1"}, timeout=60)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def test_authlibs_issuer_signs_people_in(client, program, known):
    port = free_port()
    ann = {"sub": "ann-1", "email": "ann@example.org", "email_verified": True, "preferred_username": "ann"}
    program(port, "oidc_provider_mock", "--port", str(port), "--user-claims", json.dumps(ann))
    known(port, "anything")
    assert sign_in(client, at_issuer=at_mock).url == "/chat/"
    made = SocialAccount.objects.get()
    assert (made.uid, made.user.username, made.user.email) == ("ann-1", "ann", "ann@example.org")


def test_a_refusal_at_authlibs_issuer_is_said(client, program, known):
    port = free_port()
    program(port, "oidc_provider_mock", "--port", str(port))
    known(port, "anything")

    def refuse(address: str) -> str:
        return httpx2.post(address, data={"action": "deny"}, timeout=60).headers["Location"]

    answer = sign_in(client, at_issuer=refuse)
    assert answer.status_code == 403 and "You did not sign in with Company" in answer.content.decode()
