"""What migrations make of the rows that they find."""

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps

from accounts.models import User

pytestmark = pytest.mark.django_db
lower_case = import_module("accounts.migrations.0002_addresses_in_lower_case")


def add(user, email, **fields):
    EmailAddress.objects.create(user=user, email=email, **fields)


def addresses() -> list[tuple]:
    found = EmailAddress.objects.order_by("user__username", "email")
    return list(found.values_list("user__username", "email", "verified", "primary"))


def test_addresses_come_to_be_in_lower_case(alice, bob):
    User.objects.filter(pk=alice.pk).update(email="Alice@Example.org")
    add(alice, "Alice@Example.org", primary=True)
    add(bob, "bob@example.org", verified=True, primary=True)
    lower_case.lower_addresses(apps, None)
    lower_case.lower_people(apps, None)
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    assert addresses() == [("alice", "alice@example.org", False, True), ("bob", "bob@example.org", True, True)]


def test_of_one_persons_that_become_the_same_one_stays_verified_and_primary(alice):
    add(alice, "Alice@Example.org", primary=True)
    add(alice, "alice@example.org")
    add(alice, "ALICE@example.org", verified=True)
    lower_case.lower_addresses(apps, None)
    assert addresses() == [("alice", "alice@example.org", True, True)]


def test_verified_it_stays_for_one_person_alone(alice, bob, charlie):
    add(alice, "Us@Example.org", verified=True, primary=True)
    add(bob, "us@example.org", verified=True)
    add(charlie, "US@Example.org", verified=True)
    lower_case.lower_addresses(apps, None)
    assert addresses() == [
        ("alice", "us@example.org", False, True),
        ("bob", "us@example.org", True, False),
        ("charlie", "us@example.org", False, False),
    ]
