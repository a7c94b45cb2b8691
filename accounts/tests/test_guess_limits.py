"""What is remembered of failed sign-ins, in the cache that an installation has."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_failures_of_others_do_not_unlock_a_name(client, alice):
    def answer(password: str) -> str:
        return client.post(reverse("account_login"), {"login": "alice", "password": password}).content.decode()

    for _ in range(5):
        answer("wrong")
    for number in range(1000):  # as failures of so many names leave; they sort behind alice's, and so stay the longest
        cache.set(f"zz{number}", [0], 300)
    assert "Wait five minutes" in answer(PASSWORD)
