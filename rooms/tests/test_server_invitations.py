"""Invitations to the server: who makes them, whom they let in, and when they end."""

import threading
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as site
from django.db import connection
from django.utils import timezone

from accounts.models import InvitationUse, ServerInvitation, User
from accounts.privacy.erasure import anonymize
from accounts.role_changes import change_role
from accounts.roles import ServerRole
from audit.models import Entry
from rooms.kernel.errors import ChatError
from rooms.models import Membership, RoomKind
from rooms.services import deletion, membership, moderation
from rooms.services import server_invitations as invitations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unpublished")]


@pytest.fixture
def olga(make_user):
    person = make_user("olga")
    change_role(person, ServerRole.OWNER, None)
    return person


@pytest.fixture
def ada(make_user, olga):
    person = make_user("ada")
    change_role(person, ServerRole.ADMIN, olga)
    return person


def refused(reason: str, call, *arguments, **named) -> None:
    with pytest.raises(ChatError) as error:
        call(*arguments, **named)
    assert error.value.reason == reason


def secret_of(actor: User, **wanted) -> str:
    return invitations.secret_for(actor, invitations.create(actor, **wanted))


def rooms_of(user: User) -> set[str]:
    return set(Membership.objects.filter(user=user, banned=False).values_list("room__name", flat=True))


def test_only_staff_make_see_and_revoke_them(ada, alice):
    made = invitations.create(ada)
    refused("not_staff", invitations.create, alice)
    refused("not_staff", invitations.invitations_for, alice)
    refused("not_staff", invitations.get_invitation, alice, made.pk)
    refused("not_staff", invitations.revoke, alice, made.pk)
    assert [each.pk for each in invitations.invitations_for(ada)] == [made.pk]


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({"role": "owner"}, "server_role_unknown"),
        ({"role": "guest"}, "server_role_unknown"),
        ({"role": "admin", "uses": 1}, "not_owner"),
        ({"days": 0}, "server_invitation_limits"),
        ({"days": 91}, "server_invitation_limits"),
        ({"uses": 0}, "server_invitation_limits"),
        ({"uses": 1001}, "server_invitation_limits"),
        ({"domain": "nothing"}, "domain_unusable"),
        ({"domain": "a b.org"}, "domain_unusable"),
        ({"note": "x" * 201}, "room_text_too_long"),
        ({"rooms": ["absent"]}, "no_such_room"),
        ({"rooms": [f"r{number}" for number in range(21)]}, "too_many_invited_rooms"),
    ],
)
def test_what_cannot_be_made_is_refused_with_a_reason(ada, wanted, reason):
    refused(reason, invitations.create, ada, **wanted)
    assert not ServerInvitation.objects.exists()


def test_making_and_revoking_are_in_the_audit_log_once(ada):
    made = invitations.create(ada)
    for _ in range(2):
        invitations.revoke(ada, made.pk)
    entries = Entry.objects.filter(act__startswith="server.").order_by("pk").values_list("act", "actor")
    assert list(entries) == [("server.invitation_made", ada.pk), ("server.invitation_revoked", ada.pk)]


def test_owners_invite_administrators_one_by_one(olga, ada):
    refused("admin_invited_once", invitations.create, olga, role="admin", uses=2)
    refused("not_owner", invitations.revoke, ada, invitations.create(olga, role="admin", uses=1).pk)


def test_who_made_it_sees_its_secret_again_and_nobody_else(olga, ada, settings):
    made = invitations.create(ada)
    secret = invitations.secret_for(ada, made)
    assert len(secret) == 43
    assert invitations.secret_for(ada, ServerInvitation.objects.get()) == secret
    assert invitations.secret_for(olga, made) == ""
    assert secret not in str(list(ServerInvitation.objects.values_list()))
    before = site.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [before]
    assert invitations.secret_for(ada, made) == secret
    settings.SECRET_KEY_FALLBACKS = []
    assert invitations.secret_for(ada, made) == ""
    assert invitations.get_working(secret) == made  # it goes on working


@pytest.mark.parametrize(("role", "uses"), [("member", 5), ("moderator", None), ("admin", 1)])
def test_a_new_account_gets_its_role_and_rooms(olga, alice, role, uses):
    lobby = membership.get_or_create_and_join(alice, "Lobby")
    plans = membership.create_room(olga, "Plans", RoomKind.PRIVATE)
    secret = secret_of(olga, role=role, uses=uses, rooms=[lobby.name, plans.name])
    new = User.objects.create(username="new")
    assert {room.name for room in invitations.use(new, secret, new_account=True)} == {lobby.name, plans.name}
    assert rooms_of(new) == {lobby.name, plans.name}
    found = User.objects.get(pk=new.pk)
    assert (found.role, found.server_role, found.is_staff) == (role, role, role == "admin")
    [came] = invitations.people_of(ServerInvitation.objects.get())
    assert (came.user, came.new_account) == (new, True)


def test_who_has_an_account_joins_counts_once_and_keeps_their_role(olga, alice):
    plans = membership.create_room(olga, "Plans", RoomKind.PRIVATE)
    secret = secret_of(olga, role="admin", rooms=[plans.name], uses=1)
    for _ in range(2):
        invitations.use(alice, secret)
    assert rooms_of(alice) == {plans.name}
    assert ServerInvitation.objects.get().uses == 1
    assert User.objects.get(pk=alice.pk).role == ServerRole.MEMBER


def test_rooms_that_its_maker_lost_are_not_joined(ada, olga, alice):
    theirs = membership.create_room(olga, "Theirs", RoomKind.PRIVATE)
    membership.add_member(theirs, ada)
    gone = membership.get_or_create_and_join(olga, "Gone")
    secret = secret_of(ada, rooms=[theirs.name, gone.name])
    moderation.remove(olga, theirs.name, ada.pk)
    deletion.delete(olga, gone.name)
    assert invitations.use(alice, secret) == []
    refused("no_such_room", invitations.create, ada, rooms=[theirs.name])  # nor offered


def test_a_ban_is_stronger_than_any_link(olga, alice):
    lobby = membership.get_or_create_and_join(olga, "Lobby")
    membership.add_member(lobby, alice)
    moderation.remove(olga, lobby.name, alice.pk, ban=True)
    assert invitations.use(alice, secret_of(olga, rooms=[lobby.name])) == []
    assert rooms_of(alice) == set()


def test_other_staff_do_not_see_which_private_rooms(olga, ada):
    lobby = membership.get_or_create_and_join(olga, "Lobby")
    plans = membership.create_room(olga, "Plans", RoomKind.PRIVATE)
    made = invitations.create(olga, rooms=[lobby.name, plans.name])
    assert invitations.rooms_for(olga, made) == [lobby, plans]
    assert invitations.rooms_for(ada, made) == [lobby]


def test_how_it_ends_is_told(olga, ada, alice, bob):
    refused("join_link_unknown", invitations.use, alice, "unknown")
    used = secret_of(ada, uses=1)
    invitations.use(alice, used)
    refused("join_link_used_up", invitations.use, bob, used)
    expired = secret_of(ada)
    ServerInvitation.objects.filter(uses=0).update(expires=timezone.now() - timedelta(seconds=1))
    refused("join_link_expired", invitations.use, bob, expired)
    revoked, late = secret_of(ada), secret_of(ada)
    invitations.revoke(ada, ServerInvitation.objects.order_by("pk")[2].pk)
    refused("join_link_revoked", invitations.use, bob, revoked)
    change_role(ada, ServerRole.MEMBER, olga)  # who made it may not make it any more
    refused("join_link_revoked", invitations.use, bob, late)
    assert InvitationUse.objects.count() == 1


def test_one_for_administrators_ends_when_its_maker_is_no_owner_any_more(olga, make_user):
    second = make_user("second")
    change_role(second, ServerRole.OWNER, olga)
    secret, plain = secret_of(second, role="admin", uses=1), secret_of(second)
    change_role(second, ServerRole.ADMIN, olga)
    refused("join_link_revoked", invitations.get_working, secret)
    assert invitations.get_working(plain)


def test_only_addresses_of_its_domain(olga, alice, settings):
    settings.EMAIL_HOST = ""
    secret = secret_of(olga, domain="@Example.org")
    for address in ("", "alice@example.com", "alice@sub.example.org", "alice@notexample.org"):
        alice.email = address
        refused("address_elsewhere", invitations.use, alice, secret)
    alice.email = "alice@EXAMPLE.org"
    invitations.use(alice, secret)
    assert ServerInvitation.objects.get().uses == 1


def test_with_mail_the_address_is_a_confirmed_one(olga, alice, settings):
    settings.EMAIL_HOST = "mail.example.org"
    alice.email, secret = "alice@example.org", secret_of(olga, domain="example.org")
    refused("address_elsewhere", invitations.use, alice, secret)
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    invitations.use(alice, secret)


def test_there_are_not_too_many(ada, monkeypatch):
    monkeypatch.setattr(invitations, "MAX_STANDING", 2)
    first, _second = invitations.create(ada), invitations.create(ada)
    refused("too_many_server_invitations", invitations.create, ada)
    invitations.revoke(ada, first.pk)
    invitations.create(ada)


def test_an_erased_maker_leaves_no_word_and_no_way_in(olga, ada, alice):
    secret = secret_of(ada, note="for my cousin")
    invitations.use(alice, secret)
    anonymize(User.objects.get(pk=ada.pk))
    [left] = ServerInvitation.objects.all()
    assert (left.note, left.address, left.uses) == ("", "", 1)
    refused("join_link_revoked", invitations.get_working, secret)
    anonymize(User.objects.get(pk=alice.pk))
    assert not InvitationUse.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_use_one_gets_in(make_user):
    olga = make_user("olga")
    change_role(olga, ServerRole.OWNER, None)
    room = membership.get_or_create_and_join(olga, "Lobby")
    secret = secret_of(olga, rooms=[room.name], uses=1)
    together, outcomes = threading.Barrier(2), []

    def join(person: User):
        try:
            together.wait()
            invitations.use(person, secret)
            outcomes.append("in")
        except ChatError as error:
            outcomes.append(error.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=join, args=[make_user(name)]) for name in ("eve", "adam")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "join_link_used_up"]
    assert Membership.objects.filter(room=room).count() == 2
