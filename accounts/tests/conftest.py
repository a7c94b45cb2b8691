"""A browser that is signed in, and limits of how often that no earlier test has used up."""

import pytest
from django.core.cache import cache

from accounts.issuers import metadata
from testing.issuer import FakeIssuer

from .sso import issuer_of


@pytest.fixture
def fresh_limits(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.EMAIL_HOST = "mail.example.org"  # where mails go is decided by the test runner
    cache.clear()


@pytest.fixture
def signed_in(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def company(settings, fresh_limits):
    """An issuer that this server knows, as "company"."""
    fake = FakeIssuer()
    metadata.forget()
    settings.SSO_PROVIDERS = (issuer_of(fake),)
    yield fake
    fake.close()
    metadata.forget()
