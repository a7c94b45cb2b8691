"""The profile by the page: what can be written there, and what is kept in the browser."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.models import Token, User
from conftest import confirm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


def test_the_profile_keeps_status_and_address(signed_in, alice):
    confirm(signed_in)
    form = {"status": "on holiday", "email": "a@example.org"}
    assert signed_in.post(reverse("profile"), form).status_code == 302
    alice.refresh_from_db()
    assert (alice.status, alice.email) == ("on holiday", "a@example.org")
    assert list(EmailAddress.objects.values_list("user", "email", "primary")) == [(alice.id, "a@example.org", True)]
    signed_in.post(reverse("profile"), form | {"email": "b@example.org"})
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["b@example.org"]
    signed_in.post(reverse("profile"), form | {"email": ""})
    assert not EmailAddress.objects.exists()


def test_a_status_is_kept_in_normal_form(signed_in, alice):
    form = {"status": "au Cafe\u0301", "email": ""}
    signed_in.post(reverse("profile"), form)
    alice.refresh_from_db()
    assert alice.status == "au Café"


def test_saving_the_profile_touches_nothing_else(signed_in, alice):
    page = signed_in.get(reverse("profile"))
    User.objects.filter(pk=alice.id).update(is_staff=True)
    form = {"status": "x", "email": "", "is_superuser": "on", "username": "root"}
    signed_in.post(reverse("profile"), form)
    alice.refresh_from_db()
    assert page.status_code == 200
    assert (alice.is_staff, alice.is_superuser, alice.username) == (True, False, "alice")


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "x" * 81), ("email", "nothing")],
)
@pytest.mark.usefixtures("with_context")
def test_an_impossible_profile_is_refused(signed_in, alice, field, value):
    form = {"status": "", "email": ""}
    answer = signed_in.post(reverse("profile"), form | {field: value})
    assert answer.status_code == 400
    assert field in answer.context["form"].errors


@pytest.mark.parametrize("char", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_neither_a_status_nor_a_tokens_name_turns_other_words_around(signed_in, alice, char):
    confirm(signed_in)
    form = {"status": f"a{char}b", "email": ""}
    answer = signed_in.post(reverse("profile"), form)
    assert "hidden characters" in answer.content.decode()
    answer = signed_in.post(reverse("tokens"), {"name": f"a{char}b", "scope": "read", "days": "7"})
    assert "hidden characters" in answer.content.decode()
    alice.refresh_from_db()
    assert (alice.status, Token.objects.count()) == ("", 0)


@pytest.mark.parametrize("text", ["שלום", "مرحبا", "a\u200fb", "👩\u200d👩\u200d👧"])
def test_scripts_that_are_written_from_the_right_are_no_fault(signed_in, alice, text):
    form = {"status": text, "email": ""}
    assert signed_in.post(reverse("profile"), form).status_code == 302
    alice.refresh_from_db()
    assert alice.status == text


def test_a_status_is_text(signed_in):
    form = {"status": "<script>alert(1)</script>", "email": ""}
    signed_in.post(reverse("profile"), form)
    assert "<script>alert" not in signed_in.get(reverse("profile")).content.decode()
