"""The rule that staff, or all, need a second factor: who falls under it, until when, and what they may do then."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from accounts import role_changes
from accounts.models import User
from accounts.roles import ServerRole
from accounts.security import second_factor, second_factor_upkeep
from accounts.security.access_revocation import access_ended
from conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def rule(settings):
    settings.SECOND_FACTOR, settings.SECOND_FACTOR_GRACE = "all", 7


def add_factor(user: User, kind: str = Authenticator.Type.TOTP) -> Authenticator:
    return Authenticator.objects.create(user=user, type=kind, data={})


def due(user: User):
    return User.objects.get(pk=user.pk).second_factor_due


def make_late(user: User) -> None:
    User.objects.filter(pk=user.pk).update(second_factor_due=timezone.now() - timedelta(seconds=1))
    user.refresh_from_db()


@pytest.fixture
def late(alice) -> User:
    make_late(alice)
    return alice


@pytest.fixture
def ended():
    told: list[int] = []

    def listen(user_id, digest, **_kwargs):
        told.append(user_id)

    access_ended.connect(listen)
    yield told
    access_ended.disconnect(listen)


# --- until when ---


def test_whoever_signs_up_has_the_days_of_grace(make_user):
    until = due(make_user("nina")) - timezone.now()
    assert 6 * DAY < until <= 7 * DAY


def test_of_staff_only_staff_need_one_from_when_they_become_it(settings, make_user):
    settings.SECOND_FACTOR = "staff"
    nina, owner = make_user("nina"), make_user("otto")
    assert due(nina) is None
    role_changes.change_role(owner, ServerRole.OWNER, actor=None)
    role_changes.change_role(nina, ServerRole.ADMIN, actor=owner)
    assert 6 * DAY < due(nina) - timezone.now() <= 7 * DAY
    role_changes.change_role(nina, ServerRole.MEMBER, actor=owner)
    assert due(nina) is None


def test_bots_need_none(make_user):
    bot = User.objects.create(username="robbie", is_bot=True)
    assert due(bot) is None
    assert not second_factor.covers(bot)


@pytest.mark.parametrize("kind", second_factor.KINDS)
def test_codes_and_passkeys_are_one(alice, late, kind):
    add_factor(alice, kind)
    assert due(alice) is None
    assert not second_factor.is_overdue(User.objects.get(pk=alice.pk))


def test_recovery_codes_alone_are_none(alice, late):
    add_factor(alice, Authenticator.Type.RECOVERY_CODES)
    assert second_factor.is_overdue(alice)


def test_who_removes_the_last_one_needs_another_at_once(alice, ended):
    totp, passkey = add_factor(alice), add_factor(alice, Authenticator.Type.WEBAUTHN)
    totp.delete()
    assert due(alice) is None
    passkey.delete()
    assert due(alice) <= timezone.now()
    assert ended == [alice.pk]


def test_removing_one_without_the_rule_means_nothing(alice, settings):
    settings.SECOND_FACTOR = "nobody"
    add_factor(alice).delete()
    assert due(alice) is None or not second_factor.is_overdue(alice)


def test_a_rule_that_is_new_gives_everybody_the_grace_and_one_that_ends_takes_it_back(settings, alice, bob):
    User.objects.update(second_factor_due=None)
    add_factor(bob)
    settings.SECOND_FACTOR_GRACE = 3
    second_factor_upkeep._settle_some()
    assert 2 * DAY < due(alice) - timezone.now() <= 3 * DAY
    assert due(bob) is None
    before = due(alice)
    assert not second_factor_upkeep._settle_some()
    assert due(alice) == before
    assert set(second_factor.lacking()) == {alice}
    settings.SECOND_FACTOR = "nobody"
    assert not second_factor.is_overdue(alice)
    second_factor_upkeep._settle_some()
    assert due(alice) is None


def test_without_grace_it_is_due_at_once_and_sockets_close(settings, alice, ended):
    settings.SECOND_FACTOR_GRACE = 0
    User.objects.update(second_factor_due=None)
    second_factor_upkeep._settle_some()
    assert ended == [alice.pk]
    assert second_factor.is_overdue(User.objects.get(pk=alice.pk))


def test_one_set_up_by_a_process_of_the_version_before_counts(alice, late):
    Authenticator.objects.bulk_create([Authenticator(user=alice, type=Authenticator.Type.TOTP, data={})])
    assert not second_factor.is_overdue(alice)
    second_factor_upkeep._settle_some()
    assert due(alice) is None


def test_looking_costs_no_query_before_the_time_is_up(alice, django_assert_num_queries):
    alice.refresh_from_db()
    with django_assert_num_queries(0):
        assert not second_factor.is_overdue(alice)
    make_late(alice)
    with django_assert_num_queries(1):
        assert second_factor.is_overdue(alice)


# --- what is said before ---


def test_pages_say_until_when(client, alice):
    client.force_login(alice)
    page = client.get(reverse("profile")).content.decode()
    assert "Turn it on by" in page
    assert "until it is on" in client.get(reverse("mfa_index")).content.decode()
    add_factor(alice)
    assert "Turn it on by" not in client.get(reverse("profile")).content.decode()
    assert "If you turn it off" in client.get(reverse("mfa_index")).content.decode()


def test_staff_see_who_lacks_one(client, alice, bob):
    add_factor(bob)
    boss = User.objects.create_superuser("boss", password=PASSWORD)
    add_factor(boss)
    client.force_login(boss)
    page = client.get("/admin/accounts/user/?second_factor=lacking").content.decode()
    assert "alice" in page
    assert ">bob<" not in page
