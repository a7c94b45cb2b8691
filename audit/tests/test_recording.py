"""What is recorded stands in the transaction of the act, and is never changed."""

from unittest.mock import Mock

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.models import Token, User
from accounts.scopes import Scope
from accounts.tests.devices import browser, signs_in
from accounts.tests.test_two_factor import turn_on
from accounts.token_changes import replace
from audit.acts import ACTS
from audit.admin_site import Audited
from audit.models import Entry
from audit.recording import record
from jobs.models import Job
from rooms.privacy.erasure import begin
from rooms.services import membership, messages


def acts(**about) -> list[str]:
    return list(Entry.objects.filter(**about).order_by("pk").values_list("act", flat=True))


@pytest.mark.django_db(transaction=True)
def test_there_is_no_entry_of_what_did_not_happen():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("room.archived", actor=1, room=1)
        raise ZeroDivisionError
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded():
    with pytest.raises(RuntimeError):
        record("room.archived", actor=1, room=1)
    assert not Entry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{}, {"room": 1, "person": 2}, {"room": 1, "days": 3}])
def test_an_entry_has_what_its_sentence_names(fields):
    with pytest.raises(TypeError):
        record("room.archived", actor=1, **fields)


@pytest.mark.django_db
def test_an_unknown_act_is_refused():
    with pytest.raises(KeyError):
        record("room.blown_up", actor=1, room=1)


def test_names_of_acts_fit_the_column():
    assert max(map(len, ACTS)) <= Entry._meta.get_field("act").max_length


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
def test_the_database_refuses_to_change_an_entry(table):
    record("room.archived", actor=1, room=1)
    entry = Entry.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_seal (position, entry, hash) VALUES (1, 1, 'x')")
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            cursor.execute(f"UPDATE {table} SET {'act' if table == 'audit_entry' else 'hash'} = 'other'")
    entry.act = "room.renamed"
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        Entry.objects.update(act="room.renamed")


@pytest.mark.django_db
def test_each_table_of_the_admin_is_recorded():
    assert all(isinstance(each, Audited) for each in admin.site._registry.values())


@pytest.fixture
def staff(client: Client, make_user) -> User:
    user = make_user("keeper", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.django_db
def test_what_is_done_in_the_admin_is_recorded_once(client, staff, make_user):
    person = make_user("ann", email="ann@example.com")
    page = f"/admin/accounts/user/{person.pk}/change/"
    fields = {"username": "ann", "email": "other@example.com", "is_active": "on", "server_role": "admin"}
    assert client.post(page, fields).status_code == 302
    assert acts(person=person.pk, actor=staff.pk) == ["account.email_changed", "account.role_changed"]
    selected = {"action": "deactivate", "_selected_action": [person.pk]}
    assert client.post("/admin/accounts/user/", selected).status_code == 302
    assert acts(person=person.pk, actor=staff.pk)[2:] == ["account.deactivated"]
    assert not acts(act__startswith="admin.")
    group = {"name": "readers"}
    assert client.post("/admin/auth/group/add/", group).status_code == 302
    assert acts(act__startswith="admin.") == ["admin.added"]


@pytest.mark.django_db
def test_what_the_admin_refuses_is_not_recorded(client, staff, make_user):
    person = make_user("ann")
    fields = {"username": "", "email": "other@example.com", "is_active": "on"}
    assert client.post(f"/admin/accounts/user/{person.pk}/change/", fields).status_code == 200
    client.force_login(person)
    assert client.post(f"/admin/accounts/user/{person.pk}/change/", fields | {"username": "ann"}).status_code != 200
    assert not acts(person=person.pk)


@pytest.mark.django_db
def test_a_password_that_is_hashed_anew_is_not_changed(make_user):
    person = make_user("ann")
    person.set_password("a long new passphrase")
    person.save()
    assert acts(person=person.pk) == ["account.password_changed"]
    weak = "pbkdf2_sha256$1$salt$" + person.password[-44:]
    User.objects.filter(pk=person.pk).update(password=weak)
    person.refresh_from_db()
    assert not check_password("something else", weak)
    person.last_login = None
    person.save()
    assert acts(person=person.pk) == ["account.password_changed"]


@pytest.mark.django_db
def test_tokens_are_recorded_with_their_beginning_alone(make_user):
    person = make_user("ann")
    token, secret = Token.issue(person, "my script", Scope.READ)
    token.delete()
    made, revoked = Entry.objects.filter(person=person.pk).order_by("pk")
    assert (made.act, revoked.act) == ("account.token_made", "account.token_revoked")
    assert made.params == revoked.params == {"token": secret[:9]}
    assert (made.actor, revoked.actor) == (None, None)  # no request made them


@pytest.mark.django_db
def test_a_command_is_nobody(make_user, capsys):
    make_user("ann")
    call_command("token", "ann")
    assert list(Entry.objects.values_list("act", "actor")) == [("account.token_made", None)]


@pytest.mark.django_db(transaction=True)
def test_actions_that_call_services_are_not_one_long_transaction(client, staff, make_user, monkeypatch):
    room = membership.create_room(staff, "Garden")
    said = messages.post(staff, room.name, "hello")
    in_one: list[bool] = []
    monkeypatch.setattr(
        "rooms.admin.messages.delete", lambda *_args: in_one.append(transaction.get_connection().in_atomic_block)
    )
    chosen = {"action": "delete_messages", "_selected_action": [said.message_id]}
    assert client.post("/admin/rooms/message/", chosen).status_code == 302
    assert in_one == [False]


@pytest.mark.django_db
def test_an_erased_account_is_one_entry(make_user):
    person = make_user("ann", email="ann@example.com")
    Token.issue(person, "my script")
    begin(person)
    assert acts(person=person.pk)[1:] == ["account.erased"]


@pytest.mark.django_db
def test_actions_of_the_admin_are_recorded(client, staff):
    job = Job.objects.create(task="x.y", digest="d", state="FAILED")
    chosen = {"action": "delete_selected", "_selected_action": [job.pk], "post": "yes"}
    assert client.post("/admin/jobs/job/", chosen).status_code == 302
    assert acts(actor=staff.pk) == ["admin.deleted"]


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [0, 24])
def test_a_token_that_is_replaced_is_one_entry(make_user, hours):
    person = make_user("ann")
    token, _secret = Token.issue(person, "my script")
    replace(token, hours)
    assert acts(person=person.pk) == ["account.token_made", "account.token_replaced"]


@pytest.mark.django_db(transaction=True)
def test_a_way_to_sign_in_is_not_added_without_its_entry(make_user, monkeypatch):
    """What fails after the row is written takes the row with it."""
    person, client = make_user("ann"), browser()
    assert signs_in(client, name="ann")
    monkeypatch.setattr("accounts.security.audit_trail.record", Mock(side_effect=ZeroDivisionError))
    with pytest.raises(ZeroDivisionError):
        turn_on(client)
    assert not Authenticator.objects.filter(user=person).exists()
