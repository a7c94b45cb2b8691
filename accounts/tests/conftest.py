"""A browser that is signed in, and limits of how often that no earlier test has used up."""

import pytest
from django.core.cache import cache


@pytest.fixture
def fresh_limits(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.EMAIL_HOST = "mail.example.org"  # where mails go is decided by the test runner
    cache.clear()


@pytest.fixture
def signed_in(client, alice):
    client.force_login(alice)
    return client
