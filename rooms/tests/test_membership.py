"""Who belongs where: loading is authorising, and a private room looks like none."""

import pytest

from rooms.kernel.errors import ChatError
from rooms.kernel.rights import Action
from rooms.models import Membership, Role, RoomKind
from rooms.services import direct_messages, membership, messages, moderation, personal_invitations
from rooms.services.rights import may

from .refusals import refused

pytestmark = pytest.mark.django_db


# --- public rooms ---


def test_opening_a_name_makes_the_room_once_and_everyone_after_enters_it(alice, bob):
    made = membership.get_or_create_and_join(alice, "Café Döner")
    assert (made.name, made.title, made.kind) == ("cafe-doner", "Café Döner", RoomKind.PUBLIC)
    assert membership.get_or_create_and_join(bob, "CAFE doner") == made
    roles = dict(Membership.objects.filter(room=made).values_list("user__username", "role"))
    assert roles == {"alice": Role.OWNER, "bob": Role.MEMBER}


def test_what_was_said_before_somebody_came_is_not_unread_for_them(alice, bob):
    membership.get_or_create_and_join(alice, "Lobby")
    messages.post(alice, "lobby", "early")
    _room, place = membership.get_or_join(bob, "lobby")
    assert place.read_seq == 1


def test_looking_at_a_public_room_does_not_enter_it(alice, charlie):
    membership.get_or_create_and_join(alice, "Lobby")
    assert membership.get_visible_room(charlie.id, "lobby").name == "lobby"
    assert not Membership.objects.filter(user=charlie).exists()


@pytest.mark.parametrize("name", ["nothing", "", "\x00", "a/b", "Lobby", "x" * 500])
def test_a_name_of_no_room_is_not_found(alice, name):
    membership.get_or_create_and_join(alice, "Lobby")
    refused("not_found", membership.get_visible_room, alice.id, name)


# --- private rooms ---


def test_a_private_room_is_for_its_members_and_looks_like_none_to_others(alice, bob, charlie):
    room = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    membership.add_member(room, bob)
    assert membership.get_visible_room(bob.id, room.name) == room
    missing = refused("not_found", membership.get_visible_room, charlie.id, "private--00")
    for call in (membership.get_visible_room, lambda id, name: membership.get_or_join(charlie, name)):
        assert refused("not_found", call, charlie.id, room.name) == missing
    assert refused("not_found", personal_invitations.invite, charlie, room.name, "charlie") == missing
    assert refused("not_found", membership.leave, charlie, room.name) == missing
    assert refused("not_found", messages.post, charlie, room.name, "hi") == missing


def test_private_rooms_may_share_a_title_and_typing_it_leads_to_neither(alice, bob):
    one, other = (membership.create_room(alice, "Plans", RoomKind.PRIVATE) for _ in range(2))
    public = membership.get_or_create_and_join(bob, "Plans")
    assert len({one.name, other.name, public.name}) == 3
    assert public.kind == RoomKind.PUBLIC
    assert membership.get_or_create_and_join(bob, one.name) not in (one, other)


def test_no_title_and_no_kind_makes_a_direct_message(alice):
    refused("invalid", membership.create_room, alice, "x", RoomKind.DIRECT)
    refused("invalid", membership.create_room, alice, "x", "secret")


# --- who keeps order ---


def test_the_owner_appoints_moderators_and_dismisses_them(alice, bob, charlie, make_user):
    membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join(bob, "lobby")
    refused("forbidden", moderation.appoint, bob, "lobby", bob.id, Role.MODERATOR)
    moderation.appoint(alice, "lobby", bob.id, Role.MODERATOR)
    assert Membership.objects.get(user=bob).role == Role.MODERATOR
    refused("forbidden", moderation.appoint, bob, "lobby", bob.id, Role.MEMBER)
    refused("invalid", moderation.appoint, alice, "lobby", bob.id, Role.OWNER)
    refused("invalid", moderation.appoint, alice, "lobby", alice.id, Role.MEMBER)
    refused("not_found", moderation.appoint, alice, "lobby", charlie.id, Role.MODERATOR)
    moderation.appoint(make_user("root", is_staff=True), "lobby", bob.id, Role.MEMBER)
    assert Membership.objects.get(user=bob).role == Role.MEMBER


def test_staff_keep_order_where_they_may_enter_without_becoming_members(alice, bob, make_user):
    root = make_user("root", is_staff=True)
    lobby = membership.get_or_create_and_join(alice, "Lobby")
    private = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    for room in (lobby, private):
        membership.add_member(room, bob)
    moderation.remove(root, "lobby", bob.id, ban=True)
    refused("not_found", moderation.remove, root, private.name, bob.id)
    assert not Membership.objects.filter(user=root).exists()


def test_a_ban_takes_a_moderators_rank_and_is_not_lifted_by_removing_again(alice, bob):
    membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join(bob, "lobby")
    moderation.appoint(alice, "lobby", bob.id, Role.MODERATOR)
    moderation.remove(alice, "lobby", bob.id, ban=True)
    refused("not_found", moderation.remove, alice, "lobby", bob.id)
    moderation.lift_ban(alice, "lobby", bob.id)
    assert not Membership.objects.filter(user=bob).exists()
    membership.get_or_join(bob, "lobby")
    assert Membership.objects.get(user=bob).role == Role.MEMBER


def test_in_a_direct_message_nobody_is_appointed(alice, bob, make_user):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    refused("invalid", moderation.appoint, alice, direct.name, bob.id, Role.MODERATOR)
    assert not may(Action.REMOVE, make_user("root", is_staff=True), direct)


# --- many at once ---


def test_who_opens_a_public_room_in_a_crowd_belongs_to_it(alice, bob):
    room = membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join_many([(bob, "lobby")])
    assert Membership.objects.filter(room=room, user=bob, banned=False).exists()


def test_access_ends_with_a_ban_and_in_a_private_room_with_the_membership(alice, bob, charlie):
    public = membership.get_or_create_and_join(alice, "Lobby")
    private = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    membership.get_or_join(charlie, "lobby")
    moderation.remove(alice, "lobby", charlie.id, ban=True)
    places = {(user.id, room.id) for user in (alice, bob, charlie) for room in (public, private)}
    lost = {(charlie.id, public.id), (bob.id, private.id), (charlie.id, private.id)}
    assert membership.without_access(places) == lost


def test_many_enter_as_each_would_alone(alice, bob, charlie):
    membership.get_or_create_and_join(alice, "Lobby")
    private = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    membership.get_or_join(bob, "lobby")
    moderation.remove(alice, "lobby", bob.id, ban=True)
    names = ["lobby", private.name, direct.name, "nothing", "\x00", "a/b"]
    wanted = [(user, name) for user in (alice, bob, charlie, charlie) for name in names]
    entered = membership.get_or_join_many(wanted)
    for (user, name), outcome in zip(wanted, entered, strict=True):
        try:
            alone = membership.get_or_join(user, name)[0]
        except ChatError as error:
            alone = error
        if isinstance(alone, ChatError):
            assert (outcome.code, outcome.message) == (alone.code, alone.message), (user, name)
        else:
            assert outcome == alone, (user, name)
    assert Membership.objects.filter(user=charlie).count() == 1
