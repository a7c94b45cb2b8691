"""No room with people in it is without an owner."""

import pytest

from accounts.models import User
from rooms.models import Membership, Message, MessageKind, Role, Room, RoomKind
from rooms.services import membership, moderation, ownership

pytestmark = pytest.mark.django_db


def roles_in(room) -> dict[str, str]:
    found = Membership.objects.filter(room=room, banned=False).order_by("pk")
    return dict(found.values_list("user__username", "role"))


def test_an_owner_who_leaves_hands_the_room_to_the_oldest_moderator(alice, bob, charlie, make_user):
    room = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    for name in ("bob", "charlie", make_user("dora").username):
        membership.add_member(room, User.objects.get(username=name))
    for person in (charlie, User.objects.get(username="dora")):
        moderation.appoint(alice, room.name, person.id, Role.MODERATOR)
    membership.leave(alice, room.name)
    assert roles_in(room) == {"bob": Role.MEMBER, "charlie": Role.OWNER, "dora": Role.MODERATOR}
    notice = Message.objects.get(room=room)
    assert (notice.kind, notice.sender, notice.mentions) == (MessageKind.NOTICE, alice, [charlie.id])
    assert notice.text == "left the room; @charlie owns it now"
    membership.add_member(room, alice)
    assert roles_in(room)["alice"] == Role.MEMBER


def test_a_room_goes_to_a_person_who_can_sign_in(alice, bob, charlie, make_user, bot_user):
    room = membership.get_or_create_and_join(alice, "Lobby")
    for person in (bot_user, make_user("erin"), bob, charlie, make_user("dora")):
        membership.get_or_join(person, "lobby")
    moderation.remove(alice, "lobby", bob.id, ban=True)
    User.objects.filter(username="erin").update(is_active=False)
    membership.leave(alice, "lobby")
    assert [name for name, role in roles_in(room).items() if role == Role.OWNER] == ["charlie"]
    assert Membership.objects.get(user=bob).banned


def test_of_two_who_come_into_a_room_without_an_owner_one_owns_it(alice, bob, lobby, charlie, monkeypatch):
    """Here charlie's transaction has the lock first, while alice waits for it."""
    Membership.objects.filter(room=lobby).delete()
    real = ownership.lock_room

    def lock_room(room_id):
        Membership.objects.get_or_create(room=lobby, user=charlie, defaults={"role": Role.OWNER})
        return real(room_id)

    monkeypatch.setattr(ownership, "lock_room", lock_room)
    membership.add_member(lobby, alice)
    assert roles_in(lobby) == {"alice": Role.MEMBER, "charlie": Role.OWNER}


def test_a_closed_room_is_handed_over_too_and_nothing_is_said_there(alice, bob, lobby):
    Room.objects.update(archived=True)
    membership.leave(alice, "lobby")
    assert roles_in(lobby) == {"bob": Role.OWNER}
    assert not Message.objects.exists()


def test_members_leave_without_a_word(alice, bob, lobby):
    membership.leave(bob, "lobby")
    assert roles_in(lobby) == {"alice": Role.OWNER}
    assert not Message.objects.exists()


def test_the_next_who_enters_an_empty_room_owns_it(alice, bob, charlie, bot_user):
    room = membership.get_or_create_and_join(alice, "Lobby")
    membership.leave(alice, "lobby")
    assert roles_in(room) == {}
    membership.get_or_join(bot_user, "lobby")
    assert membership.get_or_join(bob, "lobby")[1].role == Role.OWNER
    assert membership.get_or_join(charlie, "lobby")[1].role == Role.MEMBER
    assert roles_in(room) == {bot_user.username: Role.MEMBER, "bob": Role.OWNER, "charlie": Role.MEMBER}


def test_a_room_that_lost_its_owner_long_ago_has_one_again_when_somebody_comes(alice, bob, charlie, lobby):
    Membership.objects.filter(user=alice).delete()
    assert membership.get_or_join(charlie, "lobby")[1].role == Role.MEMBER
    assert roles_in(lobby) == {"bob": Role.OWNER, "charlie": Role.MEMBER}
