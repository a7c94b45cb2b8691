"""What migrations make of the rows that they find."""

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps

from accounts.models import Token, User

pytestmark = pytest.mark.django_db
lower_case = import_module("accounts.migrations.0002_addresses_in_lower_case")
directions = import_module("accounts.migrations.0005_directions")


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


def test_hidden_marks_of_direction_leave_statuses_and_names_of_tokens(alice, bob):
    User.objects.filter(pk=alice.pk).update(status="on \u202eyadiloh\u202c \u2066x\u2069")
    User.objects.filter(pk=bob.pk).update(status="שלום\u200f")
    token, _secret = Token.issue(alice, "a\u202eb")
    directions.remove_bidi_controls(apps, None)
    assert list(User.objects.exclude(status="").order_by("username").values_list("status", flat=True)) == [
        "on yadiloh x",
        "שלום\u200f",
    ]
    token.refresh_from_db()
    assert token.name == "ab"
