"""Whose pages may open sockets: scheme, host and port of the page must be the site's own."""

import pytest

from mysite.origin import same_origin

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
