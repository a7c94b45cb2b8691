"""A browser's way to an issuer and back, as the test client goes it."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlsplit

import httpx2

from accounts.issuers.issuer import Issuer, make_issuer
from testing.issuer import FakeIssuer


def issuer_of(fake: FakeIssuer, **changed) -> Issuer:
    fields = {"key": "company", "name": "Company", "issuer": fake.address}
    return make_issuer(fields | {"client_id": fake.client_id, "client_secret": fake.secret} | changed, private=True)


def begin(client, key: str = "company", **fields):
    """The page that leads on. fields: of the form."""
    return client.post(f"/accounts/sso/with/{key}/", fields)


def back(client, address: str, at_issuer: Callable[[str], str] | None = None):
    """The answer of this site to a browser that comes back from an issuer. at_issuer: what the person does there."""
    location = (at_issuer or immediately)(address)
    where = urlsplit(location)
    return client.get(f"{where.path}?{where.query}")


def address_on(page) -> str:
    """Where a page leads on to."""
    return unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())[1])


def immediately(address: str) -> str:
    """An issuer that asks for nothing."""
    answer = httpx2.get(address, timeout=60)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def sign_in(client, key: str = "company", at_issuer: Callable[[str], str] | None = None, **fields):
    page = begin(client, key, **fields)
    assert page.status_code == 200, page
    return back(client, address_on(page), at_issuer)
