"""Where links that leave the site begin: as configured, or made from what else is configured."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from mysite.site_url import is_ambiguous, site_url
from mysite.supervisor import checks

LOCAL = ["localhost", "127.0.0.1", "[::1]"]


def derived(allowed_hosts, given="", host="127.0.0.1", port=8000, https=False, proxied=False):
    return site_url(given, allowed_hosts=allowed_hosts, host=host, port=port, https=https, proxied=proxied)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("https://chat.example.org", "https://chat.example.org"),
        ("https://Chat.Example.org/", "https://chat.example.org"),
        ("http://10.0.0.7:8000", "http://10.0.0.7:8000"),
        ("http://[2001:db8::1]:8000", "http://[2001:db8::1]:8000"),
    ],
)
def test_what_is_given_decides(given, found):
    assert derived(["other.example.org"], given) == found


@pytest.mark.parametrize(
    "given", ["chat.example.org", "ftp://chat.example.org", "https://a b", "https://x/path", "https://u@x", "https://"]
)
def test_what_is_no_address_is_refused(given):
    with pytest.raises(ImproperlyConfigured, match="SITE_URL is"):
        derived(LOCAL, given)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "localhost", "port": 9000}, "http://localhost:9000"),
        ({"host": "::1"}, "http://[::1]:8000"),
        ({"host": "0.0.0.0"}, "http://127.0.0.1:8000"),  # noqa: S104
        ({"port": 80}, "http://127.0.0.1"),
    ],
)
def test_on_a_private_machine_it_is_the_address_that_serve_tells(options, found):
    assert derived(LOCAL, **options) == found


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"https": True, "proxied": True}, "https://chat.example.org"),
        ({"proxied": True}, "http://chat.example.org"),
        ({}, "http://chat.example.org:8000"),
    ],
)
def test_one_public_name_is_enough(options, found):
    assert derived(["Chat.example.org", *LOCAL], **options) == found


@pytest.mark.parametrize(
    ("allowed_hosts", "found", "ambiguous"),
    [
        (["a.example.org", "b.example.org"], "http://a.example.org:8000", True),
        (["*"], "http://127.0.0.1:8000", True),
        ([".example.org"], "http://127.0.0.1:8000", True),
        (["a.example.org"], "http://a.example.org:8000", False),
        (LOCAL, "http://127.0.0.1:8000", False),
    ],
)
def test_several_names_or_patterns_ask_for_the_setting(allowed_hosts, found, ambiguous):
    assert derived(allowed_hosts) == found
    assert is_ambiguous("", allowed_hosts) is ambiguous
    assert not is_ambiguous("https://a.example.org", allowed_hosts)


@pytest.mark.parametrize(("allowed_hosts", "warned"), [(["*"], True), (["a.example.org"], False), (LOCAL, False)])
def test_whoever_starts_it_is_warned_of_links_that_may_lead_nowhere(settings, caplog, allowed_hosts, warned):
    settings.ALLOWED_HOSTS = allowed_hosts
    checks.check_site_url()
    assert ("set SITE_URL" in caplog.text) is warned
