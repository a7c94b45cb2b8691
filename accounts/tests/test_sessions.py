"""Whatever ends somebody's access is told, once, with whose and which."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Token
from accounts.security.access_revocation import access_ended
from accounts.security.authentication import session_digest
from conftest import PASSWORD
from rooms.publishing.payloads import SessionEnded

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(db):
    """What was told: [(user id, digest or None)]."""
    told = []

    def listen(user_id, digest, **kwargs):
        told.append((user_id, digest))

    access_ended.connect(listen)
    yield told
    access_ended.disconnect(listen)


@pytest.fixture
def signed_in(client, alice, ended):
    client.force_login(alice)
    ended.clear()
    return client


def test_signing_out_ends_that_session(signed_in, alice, ended):
    key = signed_in.session.session_key
    signed_in.post(reverse("account_logout"))
    assert ended == [(alice.id, session_digest(key))]


def test_signing_out_tells_the_browser_whose_data_it_is_to_remove(signed_in, alice):
    assert "gone.js" not in signed_in.get(reverse("account_logout")).content.decode()
    answer = signed_in.post(reverse("account_logout"))
    assert answer.cookies["gone"].value == str(alice.id)
    assert not answer.cookies["gone"]["httponly"]  # a script reads it
    assert "gone.js" in signed_in.get(answer.url, follow=True).content.decode()


def test_changing_the_password_ends_all_and_keeps_this_browser_signed_in(signed_in, alice, ended):
    answer = signed_in.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "another horse", "password2": "another horse"},
    )
    assert answer.status_code == 302
    assert (alice.id, None) in ended
    assert signed_in.get(reverse("profile")).status_code == 200


def test_deactivating_ends_all(alice, ended):
    alice.is_active = False
    alice.save(update_fields=["is_active"])
    assert ended == [(alice.id, None)]


def test_deleting_ends_all(alice, ended):
    id = alice.id
    alice.delete()
    assert ended == [(id, None)]


def test_revoking_a_token_ends_what_it_opened(alice, ended):
    token, _secret = Token.issue(alice, "script")
    digest = token.digest
    token.delete()
    assert ended == [(alice.id, digest)]


def test_other_changes_of_a_person_end_nothing(alice, signed_in, ended):
    alice.status = "away"
    alice.save()
    alice.save(update_fields=["last_login"])
    signed_in.force_login(alice)
    signed_in.get(reverse("profile"))
    assert [told for told in ended if told[1] is None] == []


def test_activating_again_ends_nothing(make_user, ended):
    dora = make_user("dora", is_active=False)
    ended.clear()
    dora.is_active = True
    dora.save()
    assert ended == []


def test_a_visitors_session_and_one_that_ran_out_long_ago_are_not_told(signed_in, client, ended):
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    call_command("clearsessions")
    assert not Session.objects.exists()
    visitor = client.session
    visitor.create()
    visitor.delete()
    assert ended == []


def test_the_sockets_are_told_once_it_is_committed(signed_in, alice, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("rooms.publishing.publisher.submit", lambda group, payload: sent.append((group, payload)))
    key = signed_in.session.session_key
    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post(reverse("account_logout"))
        assert sent == []
    assert sent == [(f"user_{alice.id}", SessionEnded(session=session_digest(key)).as_dict())]
