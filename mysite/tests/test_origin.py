"""Whose pages may open sockets: scheme, host and port of the page must be the site's own."""

import pytest
from django.middleware.csrf import CsrfViewMiddleware
from django.test import RequestFactory

from mysite.web.origin import same_origin

pytestmark = pytest.mark.asyncio


async def let_in(**headers) -> bool:
    """Whether a websocket with these headers reaches the application."""
    reached, sent = [], []

    async def application(scope, receive, send):
        reached.append(scope)

    async def send(message):
        sent.append(message["type"])

    pairs = [(name.encode(), value.encode()) for name, value in headers.items() if value is not None]
    await same_origin(application)({"type": "websocket", "scheme": "ws", "headers": pairs}, None, send)
    assert bool(reached) != (sent == ["websocket.close"])  # before it is accepted: HTTP 403
    return bool(reached)


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://chat.example.org", True),
        ("HTTPS://Chat.Example.Org", True),
        ("https://partner.example.org:8443", True),
        ("https://partner.example.org", False),
        ("http://chat.example.org", False),
        ("https://chat.example.org:8443", False),
        ("https://chat.example.org.evil.example", False),
        ("https://evil.example", False),
        ("https://chat.example.org/", False),
        ("null", False),
        ("", False),
        (None, False),
    ],
)
async def test_behind_tls_the_page_is_https_of_the_same_name(settings, origin, allowed):
    settings.HTTPS, settings.ALLOWED_HOSTS = True, ["chat.example.org"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://partner.example.org:8443"]
    assert await let_in(host="chat.example.org", origin=origin) is allowed


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://one.example.com", True),
        ("https://ONE.two.example.com", True),
        ("https://example.com", True),  # as Django takes it
        ("http://one.example.com", False),
        ("https://one.example.com:8443", False),
        ("https://notexample.com", False),
        ("https://one.example.com.evil.example", False),
        ("https://one.example.com/", False),
        ("https://", False),
        ("http://one.example.net:8000", True),
        ("http://one.example.net", False),
    ],
)
async def test_an_asterisk_stands_for_every_name_before_a_domain(settings, origin, allowed):
    settings.ALLOWED_HOSTS = ["chat.example.org"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://*.Example.com", "http://*.example.net:8000"]
    assert await let_in(host="chat.example.org", origin=origin) is allowed
    if not origin.endswith("/"):  # a browser sends none
        request = RequestFactory().post("/", headers={"Origin": origin.lower(), "Host": "chat.example.org"})
        settings.CSRF_TRUSTED_ORIGINS = [each.lower() for each in settings.CSRF_TRUSTED_ORIGINS]
        assert CsrfViewMiddleware(lambda _: None)._origin_verified(request) is allowed


@pytest.mark.parametrize("host", ["evil.example", "", "chat.example.org.evil.example", "chat.example.org@evil.example"])
async def test_a_name_that_is_not_the_sites_is_refused_even_when_both_agree(settings, host):
    settings.ALLOWED_HOSTS = ["chat.example.org"]
    assert not await let_in(host=host, origin=f"http://{host}")
    assert not await let_in(host=host, authorization="Bearer rt_x")


async def test_a_program_with_a_token_has_no_page_but_one_with_a_foreign_page_is_refused(settings):
    settings.ALLOWED_HOSTS = ["chat.example.org"]
    assert await let_in(host="chat.example.org", authorization="Bearer rt_x")
    assert not await let_in(host="chat.example.org", authorization="Bearer rt_x", origin="https://evil.example")
    assert not await let_in(host="chat.example.org", authorization="Basic eDp5")
