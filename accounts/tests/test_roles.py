"""What somebody is on the server: who may change it, and what Django's flags say of it."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from accounts import role_changes
from accounts.models import User
from accounts.roles import ServerRole

pytestmark = pytest.mark.django_db
OWNER, ADMIN, MODERATOR, MEMBER = ServerRole.OWNER, ServerRole.ADMIN, ServerRole.MODERATOR, ServerRole.MEMBER


@pytest.fixture
def of_role(make_user):
    def make(name: str, role: ServerRole) -> User:
        person = make_user(name)
        role_changes.apply_role(person, role)
        person.save()
        return person

    return make


def stored(person: User) -> tuple[str, bool, bool]:
    return User.objects.values_list(*role_changes.FIELDS).get(pk=person.pk)


@pytest.mark.parametrize(
    ("role", "flags"),
    [(OWNER, (True, True)), (ADMIN, (True, False)), (MODERATOR, (False, False)), (MEMBER, (False, False))],
)
def test_the_flags_of_django_follow_the_role(alice, bob, role, flags):
    role_changes.change_role(bob, OWNER, None)
    for way in (role, MEMBER, role):  # and back
        role_changes.change_role(alice, way, bob)
    assert stored(alice) == (role, *flags) == (alice.server_role, alice.is_staff, alice.is_superuser)


def test_the_role_follows_flags_that_something_else_has_set(alice, make_user):
    call_command("createsuperuser", "--noinput", username="zoe", email="")
    assert stored(User.objects.get(username="zoe"))[0] == OWNER
    assert stored(make_user("sam", is_staff=True))[0] == ADMIN
    alice.is_staff = True
    alice.save(update_fields=["is_staff"])
    assert stored(alice) == (ADMIN, True, False)
    User.objects.filter(pk=alice.pk).update(is_staff=False)
    alice.refresh_from_db()
    assert alice.role == MEMBER  # though the column says otherwise until the next save
    alice.save()
    assert stored(alice) == (MEMBER, False, False)


ALL = [OWNER, ADMIN, MODERATOR, MEMBER]


@pytest.mark.parametrize("actor", ALL)
@pytest.mark.parametrize("now", ALL)
@pytest.mark.parametrize("wanted", ALL)
def test_only_owners_give_and_take_the_roles_of_staff(of_role, actor, now, wanted):
    of_role("first", OWNER)
    who, person = of_role("who", actor), of_role("person", now)
    low = {MODERATOR, MEMBER}
    may = actor == OWNER or (actor == ADMIN and {now, wanted} <= low) or now == wanted
    if may:
        role_changes.change_role(person, wanted, who)
    else:
        with pytest.raises(ValidationError) as refused:
            role_changes.change_role(person, wanted, who)
        assert refused.value.code == "not_allowed"
    assert stored(person)[0] == (wanted if may else now)


def test_the_last_owner_who_can_sign_in_stays_one(of_role):
    owner, gone = of_role("olga", OWNER), of_role("gone", OWNER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(ValidationError) as refused:
        role_changes.change_role(owner, ADMIN, owner)
    assert (refused.value.code, stored(owner)[0]) == ("last_owner", OWNER)
    role_changes.change_role(of_role("second", MEMBER), OWNER, owner)
    role_changes.change_role(owner, ADMIN, owner)
    assert stored(owner) == (ADMIN, True, False)


def test_bots_have_no_role(bot_user, of_role):
    with pytest.raises(ValidationError) as refused:
        role_changes.change_role(bot_user, ADMIN, of_role("olga", OWNER))
    assert refused.value.code == "bot"


def test_the_migration_changes_nobodys_rights(make_user):
    root, sam, bob = (
        make_user("root", is_staff=True, is_superuser=True),
        make_user("sam", is_staff=True),
        make_user("b"),
    )
    User.objects.update(server_role="member")
    import_module("accounts.migrations.0012_server_roles").give_roles(apps, SimpleNamespace(connection=connection))
    assert [stored(each) for each in (root, sam, bob)] == [
        (OWNER, True, True),
        (ADMIN, True, False),
        (MEMBER, False, False),
    ]


def save_in_admin(client, person: User, **changes):
    address = reverse("admin:accounts_user_change", args=[person.pk])
    fields = {"username": person.username, "is_active": "on", "server_role": person.server_role} | changes
    return client.post(address, {name: value for name, value in fields.items() if value})


def test_the_admin_gives_a_role_with_its_flags(client, of_role, alice):
    client.force_login(of_role("olga", OWNER))
    assert save_in_admin(client, alice, server_role=ADMIN).status_code == 302
    assert stored(alice) == (ADMIN, True, False)


@pytest.mark.usefixtures("with_context")
def test_the_admin_keeps_the_last_owner(client, of_role):
    owner = of_role("olga", OWNER)
    client.force_login(owner)
    for change, field in (({"server_role": MEMBER}, "server_role"), ({"is_active": ""}, "is_active")):
        errors = save_in_admin(client, owner, **change).context["adminform"].form.errors
        assert list(errors) == [field]
        assert "only owner" in errors[field][0]
    assert stored(owner) == (OWNER, True, True)


@pytest.mark.usefixtures("with_context")
def test_the_admin_lets_administrators_make_no_owners_and_guests_wait(client, of_role, alice):
    from django.contrib.auth.models import Permission

    of_role("olga", OWNER)
    admin = of_role("ada", ADMIN)
    admin.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user"]))
    client.force_login(admin)
    for person, role in ((admin, OWNER), (alice, ADMIN), (alice, "guest")):
        errors = save_in_admin(client, person, server_role=role).context["adminform"].form.errors
        assert list(errors) == ["server_role"]
    assert save_in_admin(client, alice, server_role=MODERATOR).status_code == 302
    assert stored(alice) == (MODERATOR, False, False)


def test_the_list_of_the_admin_does_not_deactivate_the_last_owner(client, of_role, alice):
    from django.contrib.auth.models import Permission

    owner, admin = of_role("olga", OWNER), of_role("ada", ADMIN)
    admin.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user"]))
    client.force_login(admin)
    form = {"action": "deactivate", "_selected_action": [owner.pk, alice.pk]}
    page = client.post(reverse("admin:accounts_user_changelist"), form, follow=True).content.decode()
    assert "They are the only owner of this server." in page
    owner.refresh_from_db()
    alice.refresh_from_db()
    assert (owner.is_active, alice.is_active) == (True, False)
