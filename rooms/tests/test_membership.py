"""Who belongs where: loading is authorising, and a private room looks like none."""

import threading

import pytest
from django.db import connection

from accounts.models import User
from rooms.kernel.errors import ChatError
from rooms.models import Membership, Message, MessageKind, Role, Room, RoomKind
from rooms.publishing.payloads import RoomRemoved
from rooms.services import direct_messages, membership, messages, moderation, personal_invitations

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    """What was handed to the publisher: [(group, payload)]."""
    found = []
    monkeypatch.setattr("rooms.publishing.publisher.submit", lambda group, payload: found.append((group, payload)))
    return found


def refused(code, function, *args, **kwargs) -> str:
    with pytest.raises(ChatError) as caught:
        function(*args, **kwargs)
    assert caught.value.code == code
    return caught.value.message


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


# --- direct messages ---


def test_a_direct_message_is_of_exactly_two_and_the_same_from_both_sides(alice, bob, charlie):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    assert direct_messages.get_or_create_direct_message(bob, "ALICE") == direct
    assert direct_messages.other_member(direct, alice.id) == bob
    assert Membership.objects.filter(room=direct).count() == 2
    missing = refused("not_found", membership.get_visible_room, charlie.id, "dm--00")
    assert refused("not_found", membership.get_visible_room, charlie.id, direct.name) == missing
    assert refused("not_found", membership.get_or_join, charlie, direct.name) == missing


def test_pairs_never_share_a_direct_message(make_user):
    people = [make_user(f"p{number}") for number in range(6)]
    names = {direct_messages.get_or_create_direct_message(a, b.username).name for a in people for b in people if a != b}
    assert len(names) == 15


def test_nobody_joins_leaves_or_is_removed_from_a_direct_message(alice, bob, charlie):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    refused("forbidden", personal_invitations.invite, alice, direct.name, "charlie")
    refused("forbidden", membership.leave, alice, direct.name)
    refused("forbidden", moderation.remove, alice, direct.name, bob.id)
    refused("forbidden", messages.set_topic_and_description, alice, direct.name, topic="x")
    assert set(Membership.objects.filter(room=direct).values_list("user", flat=True)) == {alice.id, bob.id}


@pytest.mark.parametrize(("username", "code"), [("nobody", "not_found"), ("alice", "invalid"), ("a\x00", "not_found")])
def test_a_direct_message_needs_somebody_else(alice, username, code):
    refused(code, direct_messages.get_or_create_direct_message, alice, username)


def test_a_direct_message_with_somebody_gone_can_be_read_but_not_begun(alice, make_user):
    dora, erin = make_user("dora"), make_user("erin", is_active=False)
    direct = direct_messages.get_or_create_direct_message(alice, "dora")
    dora.is_active = False
    dora.save()
    assert direct_messages.get_or_create_direct_message(alice, "dora") == direct
    refused("not_found", direct_messages.get_or_create_direct_message, alice, erin.username)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "make", [lambda user: membership.get_or_create_and_join(user, "Race"), None], ids=["room", "direct"]
)
def test_two_who_open_the_same_at_once_meet_in_one(alice, bob, make):
    calls = {
        alice: make or (lambda user: direct_messages.get_or_create_direct_message(user, "bob")),
        bob: make or (lambda user: direct_messages.get_or_create_direct_message(user, "alice")),
    }
    start, found = threading.Barrier(2), []

    def run(user):
        start.wait()
        found.append(calls[user](user).pk)
        connection.close()

    threads = [threading.Thread(target=run, args=[user]) for user in calls]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    assert len(found) == 2
    assert len(set(found)) == 1
    assert Room.objects.count() == 1
    assert Membership.objects.count() == 2


# --- leaving, removing, banning ---


def test_whoever_leaves_a_private_room_cannot_come_back_by_themselves(
    alice, bob, sent, django_capture_on_commit_callbacks
):
    room = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    membership.add_member(room, bob)
    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        membership.leave(bob, room.name)
    assert (f"user_{bob.id}", RoomRemoved(room=room.name).as_dict()) in sent
    refused("not_found", membership.get_or_join, bob, room.name)


def test_only_moderators_remove_and_never_the_owner(alice, bob, charlie):
    membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join(bob, "lobby")
    membership.get_or_join(charlie, "lobby")
    refused("forbidden", moderation.remove, bob, "lobby", charlie.id)
    refused("forbidden", moderation.remove, bob, "lobby", alice.id)
    Membership.objects.filter(user=bob).update(role=Role.MODERATOR)
    refused("forbidden", moderation.remove, bob, "lobby", alice.id)
    moderation.remove(bob, "lobby", charlie.id)
    assert not Membership.objects.filter(user=charlie).exists()
    refused("not_found", moderation.remove, bob, "lobby", charlie.id)


def test_whoever_is_removed_may_come_back_and_whoever_is_banned_may_not(
    alice, bob, sent, django_capture_on_commit_callbacks
):
    membership.get_or_create_and_join(alice, "Lobby")
    posted = messages.post(bob, "lobby", "hi")
    moderation.remove(alice, "lobby", bob.id)
    membership.get_or_join(bob, "lobby")
    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        moderation.remove(alice, "lobby", bob.id, ban=True)
    assert (f"user_{bob.id}", RoomRemoved(room="lobby").as_dict()) in sent
    for call in (
        lambda: membership.get_or_join(bob, "lobby"),
        lambda: membership.get_or_create_and_join(bob, "Lobby"),
        lambda: membership.leave(bob, "lobby"),
        lambda: personal_invitations.invite(bob, "lobby", "bob"),
        lambda: messages.post(bob, "lobby", "still here"),
        lambda: messages.edit(bob, "lobby", posted.message_id, "changed"),
        lambda: messages.delete(bob, "lobby", posted.message_id),
        lambda: messages.react(bob, "lobby", posted.message_id, "👍"),
        lambda: messages.mark_read(bob, "lobby", 1),
    ):
        refused("not_found", call)
    assert list(Room.objects.of(bob.id)) == []


def test_only_a_moderator_lets_somebody_banned_back_in(alice, bob, charlie):
    membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join(bob, "lobby")
    membership.get_or_join(charlie, "lobby")
    moderation.remove(alice, "lobby", bob.id, ban=True)
    refused("forbidden", personal_invitations.invite, charlie, "lobby", "bob")
    refused("not_found", membership.get_or_join, bob, "lobby")
    personal_invitations.invite(alice, "lobby", "bob")
    assert membership.get_or_join(bob, "lobby")[1].banned is False


def test_leaving_prevents_no_ban(alice, bob, charlie):
    membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join(bob, "lobby")
    membership.leave(bob, "lobby")
    refused("forbidden", moderation.remove, charlie, "lobby", bob.id, ban=True)
    for _twice in range(2):
        moderation.remove(alice, "lobby", bob.id, ban=True)
    moderation.remove(alice, "lobby", charlie.id, ban=True)  # who was never there
    for person in (bob, charlie):
        refused("not_found", membership.get_or_join, person, "lobby")
        assert list(Room.objects.of(person.id)) == []
    personal_invitations.invite(alice, "lobby", "bob")
    assert membership.get_or_join(bob, "lobby")[1].banned is False


def test_in_a_direct_message_nobody_from_outside_is_banned(alice, bob, charlie):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    refused("forbidden", moderation.remove, alice, direct.name, charlie.id, ban=True)
    assert not Membership.objects.filter(user=charlie).exists()


@pytest.mark.parametrize("name", ["nobody", "a\x00"])
def test_nobody_cannot_be_invited(alice, name):
    membership.get_or_create_and_join(alice, "Lobby")
    refused("not_found", personal_invitations.invite, alice, "lobby", name)


def test_a_removal_that_is_rolled_back_closes_nothing(alice, bob, sent, django_capture_on_commit_callbacks):
    membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join(bob, "lobby")
    sent.clear()
    with django_capture_on_commit_callbacks() as callbacks:
        membership.leave(bob, "lobby")
    assert callbacks
    assert sent == []


# --- who keeps order ---


def test_the_owner_appoints_moderators_and_dismisses_them(alice, bob, charlie, make_user):
    membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join(bob, "lobby")
    refused("forbidden", moderation.appoint, bob, "lobby", bob.id, Role.MODERATOR)
    moderation.appoint(alice, "lobby", bob.id, Role.MODERATOR)
    assert Membership.objects.get(user=bob).moderates
    refused("forbidden", moderation.appoint, bob, "lobby", bob.id, Role.MEMBER)
    refused("invalid", moderation.appoint, alice, "lobby", bob.id, Role.OWNER)
    refused("invalid", moderation.appoint, alice, "lobby", alice.id, Role.MEMBER)
    refused("not_found", moderation.appoint, alice, "lobby", charlie.id, Role.MODERATOR)
    moderation.appoint(make_user("root", is_staff=True), "lobby", bob.id, Role.MEMBER)
    assert not Membership.objects.get(user=bob).moderates


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
    assert not Membership.objects.get(user=bob).moderates


def test_in_a_direct_message_nobody_is_appointed(alice, bob, make_user):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    refused("invalid", moderation.appoint, alice, direct.name, bob.id, Role.MODERATOR)
    assert not moderation.can_moderate(make_user("root", is_staff=True), direct)


# --- no room is without somebody who keeps it ---


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
    real = membership.lock_room

    def lock_room(room_id):
        Membership.objects.get_or_create(room=lobby, user=charlie, defaults={"role": Role.OWNER})
        return real(room_id)

    monkeypatch.setattr(membership, "lock_room", lock_room)
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
