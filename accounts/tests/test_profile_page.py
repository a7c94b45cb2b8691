"""The profile and the status by their pages: what can be written there."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.models import Token, User
from conftest import confirm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


def say(client, text):
    return client.post(reverse("status"), {"text": text, "emoji": "", "availability": "", "duration": ""})


def test_the_profile_keeps_name_and_address_and_leaves_the_status_to_its_page(signed_in, alice):
    confirm(signed_in)
    say(signed_in, "on holiday")
    form = {"display_name": "Alice A.", "email": "a@example.org", "status": "not from here"}
    assert signed_in.post(reverse("profile"), form).status_code == 302
    alice.refresh_from_db()
    assert (alice.display_name, alice.status, alice.email) == ("Alice A.", "on holiday", "a@example.org")
    assert 'name="status"' not in signed_in.get(reverse("profile")).content.decode()
    assert list(EmailAddress.objects.values_list("user", "email", "primary")) == [(alice.id, "a@example.org", True)]
    signed_in.post(reverse("profile"), form | {"email": "b@example.org"})
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["b@example.org"]
    signed_in.post(reverse("profile"), form | {"email": ""})
    assert not EmailAddress.objects.exists()


def test_a_status_is_kept_in_normal_form(signed_in, alice):
    say(signed_in, "au Cafe\u0301")
    alice.refresh_from_db()
    assert alice.status == "au Café"


def test_saving_the_profile_touches_nothing_else(signed_in, alice):
    page = signed_in.get(reverse("profile"))
    User.objects.filter(pk=alice.id).update(is_staff=True)
    form = {"email": "", "is_superuser": "on", "username": "root"}
    signed_in.post(reverse("profile"), form)
    alice.refresh_from_db()
    assert page.status_code == 200
    assert (alice.is_staff, alice.is_superuser, alice.username) == (True, False, "alice")


@pytest.mark.parametrize(
    ("field", "value"),
    [("display_name", "x" * 81), ("email", "nothing")],
)
@pytest.mark.usefixtures("with_context")
def test_an_impossible_profile_is_refused(signed_in, field, value):
    answer = signed_in.post(reverse("profile"), {"email": "", field: value})
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert say(signed_in, "x" * 81).status_code == 400


@pytest.mark.parametrize("char", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_neither_a_status_nor_a_tokens_name_turns_other_words_around(signed_in, alice, char):
    confirm(signed_in)
    answer = say(signed_in, f"a{char}b")
    assert "hidden characters" in answer.content.decode()
    answer = signed_in.post(reverse("tokens"), {"name": f"a{char}b", "scope": "read", "days": "7"})
    assert "hidden characters" in answer.content.decode()
    alice.refresh_from_db()
    assert (alice.status, Token.objects.count()) == ("", 0)


@pytest.mark.parametrize("text", ["שלום", "مرحبا", "a\u200fb", "👩\u200d👩\u200d👧"])
def test_scripts_that_are_written_from_the_right_are_no_fault(signed_in, alice, text):
    assert say(signed_in, text).status_code == 302
    alice.refresh_from_db()
    assert alice.status == text


def test_a_status_is_text(signed_in):
    say(signed_in, "<script>alert(1)</script>")
    page = signed_in.get(reverse("status")).content.decode()
    assert "&lt;script&gt;alert" in page and "<script>alert" not in page
