"""The link by which somebody becomes the owner of a server."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import owner_links, role_changes
from accounts.models import OwnerLink, User
from accounts.roles import ServerRole
from mysite import prepare

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
NEW = {"username": "olga", "password1": "many horses 7", "password2": "many horses 7"}


def path() -> str:
    return f"/setup/{owner_links.make()}/"


def owners() -> list[str]:
    return list(User.objects.filter(server_role=ServerRole.OWNER).values_list("username", flat=True))


def test_a_start_prints_a_link_while_nobody_owns_the_server(alice):
    [line] = prepare.invite_owner()
    secret = line.split("/setup/")[1].split("/")[0]
    assert line.startswith("Nobody owns this server yet. To become its owner, open http://127.0.0.1:8000/setup/")
    assert owner_links.works(secret)
    assert secret not in str(list(OwnerLink.objects.values_list()))
    [again] = prepare.invite_owner()
    assert not owner_links.works(secret) and again != line
    role_changes.change_role(alice, ServerRole.OWNER, None)
    assert prepare.invite_owner() == []
    assert not owner_links.works(again.split("/setup/")[1].split("/")[0])


def test_a_stranger_makes_an_account_that_owns_the_server(client, settings):
    settings.OPEN_SIGNUP = False
    link = path()
    page = client.get(link)
    assert page.status_code == 200
    assert "Create account and own this server" in page.content.decode()
    assert client.post(link, NEW).status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(username="olga").pk)
    olga = User.objects.get(username="olga")
    assert (olga.server_role, olga.is_staff, olga.is_superuser) == ("owner", True, True)
    assert not OwnerLink.objects.exists()


def test_whoever_has_an_account_lets_it_be_the_owner(client, alice):
    client.force_login(alice)
    link = path()
    assert "alice" in client.get(link).content.decode()
    assert owners() == []  # looking changes nothing
    assert client.post(link).status_code == 302
    assert owners() == ["alice"]
    assert client.post(link).status_code == 404


def test_the_link_works_once(client):
    link = path()
    client.post(link, NEW)
    other = Client()
    for answer in (other.get(link), other.post(link, NEW | {"username": "mallory"})):
        assert answer.status_code == 404
        assert "This link does not work" in answer.content.decode()
    assert owners() == ["olga"]
    assert not User.objects.filter(username="mallory").exists()


@pytest.mark.parametrize("mistake", [{"username": "a b"}, {"password2": "other"}, {"username": "alice"}])
def test_a_mistake_uses_nothing_up(client, alice, mistake):
    link = path()
    assert client.post(link, NEW | mistake).status_code == 200
    assert owners() == []
    assert client.post(link, NEW).status_code == 302
    assert owners() == ["olga"]


def test_a_name_that_was_taken_meanwhile_uses_nothing_up(client, alice, monkeypatch):
    monkeypatch.setattr("accounts.adapter.AccountAdapter.clean_username", lambda self, name, shallow=False: name)
    link = path()
    client.post(link, NEW | {"username": "Alice"})
    assert owners() == []
    assert owner_links.works(link.split("/")[2])


def test_a_made_owner_ends_a_link_that_was_printed(client):
    link = path()
    call_command("createsuperuser", "--noinput", username="root2", email="")
    assert client.get(link).status_code == client.post(link, NEW).status_code == 404


def test_no_address_needs_to_be_confirmed(client, settings):
    settings.EMAIL_HOST, settings.SIGNUP_CONFIRMATION = "mail.example.org", "required"
    client.post(path(), NEW)
    assert "_auth_user_id" in client.session and owners() == ["olga"]


def test_guessing_ends_soon_and_forging_is_refused(client, alice):
    for _ in range(20):
        assert client.post("/setup/guess/", NEW).status_code == 404
    assert client.post("/setup/guess/", NEW).status_code == 429
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post(path()).status_code == 403


def test_the_address_is_told_to_nobody(client):
    for link in (path(), "/setup/unknown/"):
        answer = client.get(link)
        assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("strict-origin", "noindex, nofollow")
        assert "no-store" in answer["Cache-Control"]


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("ownerlink", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_the_command_prints_one_and_a_further_one_when_asked_to(client, alice, bob):
    first = command()
    assert first.startswith("http://127.0.0.1:8000/setup/")
    role_changes.change_role(alice, ServerRole.OWNER, None)
    with pytest.raises(CommandError, match="has an owner"):
        command()
    link = command("--recover")
    client.force_login(bob)
    assert client.post(link).status_code == 302
    assert sorted(owners()) == ["alice", "bob"]


def test_a_link_for_recovery_does_not_last(client, alice):
    role_changes.change_role(alice, ServerRole.OWNER, None)
    link = command("--recover")
    OwnerLink.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert client.get(link).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_come_together_one_becomes_the_owner(make_user):
    secret = owner_links.make()
    together, outcomes = threading.Barrier(2), []

    def take(person: User):
        try:
            together.wait()
            with owner_links.claimed(secret) as give:
                give(person)
            outcomes.append("owner")
        except owner_links.NoSuchLink:
            outcomes.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[make_user(name)]) for name in ("eve", "adam")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["late", "owner"]
    assert len(owners()) == 1
