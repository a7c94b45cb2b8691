"""What every answer carries to keep pages to themselves, and what a site behind TLS adds."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "ROUNDTABLE_NO_DOTENV": "1",
    "ALLOWED_HOSTS": "chat.example.org",
    "SECRET_KEY": "a long enough key with many different signs 0123456789",
    "HTTPS": "yes",
    "TRUSTED_PROXY_COUNT": "1",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/chat/", "/chat/lobby/", "/admin/", "/nothing/", "/api/rooms"])
def test_no_answer_may_run_what_is_not_ours_or_be_framed(client, make_user, path):
    if path != "/accounts/login/":
        client.force_login(make_user("root", is_staff=True, is_superuser=True))
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert not {"script-src", "style-src"} & set(policy)  # default-src has the word
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


PAGES = ["/accounts/login/", "/accounts/profile/", "/accounts/2fa/", "/chat/", "/chat/lobby/", "/search/", "/nothing/"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PAGES, "/admin/", "/api/rooms", "/api/nothing"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_nothing_is_kept_by_a_proxy_or_for_the_way_back(client, make_user, path, signed_in):
    if signed_in:
        client.force_login(make_user("root", is_staff=True, is_superuser=True))
    headers = client.get(path).headers
    assert "no-store" in headers["cache-control"]
    assert "public" not in headers["cache-control"]
    assert "camera=()" in headers["permissions-policy"]
    assert "microphone=(self)" in headers["permissions-policy"]  # for voice messages


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "required"), [("/chat/", True), ("/accounts/profile/", True), ("/admin/", False)])
def test_scripts_make_no_elements_of_strings_but_in_one_place(client, make_user, path, required):
    client.force_login(make_user("root", is_staff=True, is_superuser=True))
    policy = client.get(path).headers["content-security-policy"]
    assert ("require-trusted-types-for 'script'" in policy) is required
    assert ("trusted-types roundtable" in policy) is required


def test_html_enters_the_page_in_one_module():
    sinks = re.compile(
        r"(inner|outer)HTML\s*=[^=]|insertAdjacentHTML|DOMParser|createContextualFragment|document\.write"
    )
    sinks = re.compile(rf"{sinks.pattern}|setHTMLUnsafe|parseHTMLUnsafe|srcdoc|\beval\(|new Function")
    scripts = [path for path in (settings.BASE_DIR / "static" / "js").rglob("*.js") if path.parent.name != "tests"]
    assert len(scripts) > 40
    assert [path.name for path in scripts if sinks.search(path.read_text())] == ["trusted_html.js"]


def manage(*arguments: str, **changes: str) -> subprocess.CompletedProcess:
    """A command as on a public site behind a proxy that ends TLS."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | PRODUCTION | {"DATA_DIR": str(settings.DATA_DIR)} | changes,
        capture_output=True,
        text=True,
    )


def test_a_public_site_has_nothing_to_be_warned_of():
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_behind_tls_cookies_are_secure_and_plain_http_is_sent_on():
    """In a process of its own: these settings are read at its start."""
    done = manage("shell", "-c", """
from django.conf import settings
from django.test import Client
plain = Client(HTTP_HOST="chat.example.org")
secure = Client(HTTP_HOST="chat.example.org", HTTP_X_FORWARDED_PROTO="https")
print(plain.get("/chat/")["location"])
print(secure.get("/")["location"], secure.get("/")["strict-transport-security"])
print({plain.get(path).status_code in (200, 503) for path in ("/healthz", "/livez", "/readyz")})
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE)
""")  # fmt: skip
    assert done.stdout.splitlines()[-4:] == [
        "https://chat.example.org/chat/",
        "/chat/ max-age=31536000",
        "{True}",
        "True True",
    ], done.stderr


def test_https_without_a_proxy_to_end_tls_is_refused_in_a_sentence():
    """Each page would be sent on to itself, for ever."""
    done = manage("serve", TRUSTED_PROXY_COUNT="0")
    assert done.returncode == 1
    assert done.stderr == "HTTPS is yes, but TRUSTED_PROXY_COUNT is 0; set it to the number of your proxies.\n"
