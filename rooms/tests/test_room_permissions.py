"""What a room decides for itself: who may invite people, and who may call everybody with @room."""

import pytest

from audit.models import Entry
from rooms.kernel.errors import ChatError
from rooms.kernel.rights import Action
from rooms.models import Membership, Message, RoomKind
from rooms.services import archiving, direct_messages, membership, messages, moderation, personal_invitations
from rooms.services.people_groups import offered_calls
from rooms.services.rights import may
from rooms.services.room_permissions import set_permissions

from .operations import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


@pytest.fixture
def room(alice, bob, charlie):
    room = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    for user in (bob, charlie):
        membership.add_member(room, user)
    moderation.appoint(alice, room.name, charlie.id, "moderator")
    return room


def reason_of(act, *args, **fields) -> str:
    with pytest.raises(ChatError) as caught:
        act(*args, **fields)
    return caught.value.reason


def test_only_moderators_invite_where_the_owner_says_so(alice, bob, charlie, make_user, room):
    for name in ("dora", "emil"):
        make_user(name)
    set_permissions(alice, room.name, inviters="moderators")
    assert reason_of(personal_invitations.invite, bob, room.name, "dora") == "cannot_invite"
    personal_invitations.invite(charlie, room.name, "dora")
    set_permissions(alice, room.name, inviters="members")
    personal_invitations.invite(bob, room.name, "emil")


def test_an_invitation_that_is_refused_joins_nobody(alice, bob, make_user):
    make_user("dora")
    membership.get_or_create_and_join(alice, "Lobby")
    set_permissions(alice, "lobby", inviters="moderators")
    assert reason_of(personal_invitations.invite, bob, "lobby", "dora") == "cannot_invite"
    assert not Membership.objects.filter(user=bob).exists()


def test_members_call_the_room_where_the_owner_says_so(alice, bob, room):
    def called() -> list | None:
        return Message.objects.get(pk=messages.post(bob, room.name, "@room lunch").message_id).audience

    assert called() is None
    assert [name for name, _count in offered_calls(bob, room, "")] == ["here"]
    room = set_permissions(alice, room.name, callers="members")
    assert called() == ["room"]
    assert [name for name, _count in offered_calls(bob, room, "")] == ["here", "room"]
    set_permissions(alice, room.name, callers="moderators")
    assert called() is None


def test_the_owner_and_staff_decide_and_it_is_told_and_recorded_once(alice, bob, charlie, make_user, room):
    for actor in (bob, charlie):
        assert reason_of(set_permissions, actor, room.name, callers="members") == "cannot_set_permissions"
    assert reason_of(set_permissions, make_user("root", is_staff=True), room.name, callers="members") == "no_such_room"
    assert reason_of(set_permissions, alice, room.name, callers="nobody") == "permission_unknown"
    last = Entry.objects.latest("pk").pk
    for _twice in range(2):
        set_permissions(alice, room.name, inviters="moderators", callers="members")
    told = Message.objects.filter(room=room, notice__isnull=False).order_by("pk")
    assert [each.notice["reason"] for each in told][-2:] == ["inviters_moderators", "callers_members"]
    acts = Entry.objects.filter(pk__gt=last).order_by("pk").values_list("act", "actor", "room")
    assert list(acts) == [(f"room.{what}_changed", alice.pk, room.pk) for what in ("inviters", "callers")]


def test_direct_messages_decide_nothing_and_archived_rooms_do(alice, bob, room):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    assert reason_of(set_permissions, alice, direct.name, inviters="members") == "cannot_set_permissions"
    archiving.archive(alice, room.name)
    assert set_permissions(alice, room.name, inviters="moderators").inviters == "moderators"
    assert not may(Action.INVITE, bob, set_permissions(alice, room.name))


def test_the_pages_show_what_is_possible_and_change_it(alice, bob, room):
    his, hers = signed_in(bob), signed_in(alice)
    about, people = f"/chat/{room.name}/about/", f"/chat/{room.name}/people/"
    assert 'value="permissions"' in hers.get(about).content.decode()
    assert 'value="permissions"' not in his.get(about).content.decode()
    assert 'value="invite"' in his.get(people).content.decode()
    hers.post(about, {"do": "permissions", "inviters": "moderators", "callers": "members"})
    room.refresh_from_db()
    assert (room.inviters, room.callers) == ("moderators", "members")
    assert 'value="invite"' not in his.get(people).content.decode()
    assert 'value="invite"' in hers.get(people).content.decode()


def test_the_api_answers_with_the_room(alice, bob, room):
    def post(user, body: dict):
        return signed_in(user).post(f"/api/rooms/{room.name}/permissions", body, "application/json").json()

    answer = post(alice, {"inviters": "moderators"})
    assert (answer["inviters"], answer["callers"]) == ("moderators", "moderators")
    assert post(bob, {"inviters": "members"})["reason"] == "cannot_set_permissions"
    assert post(alice, {"inviters": "all"})["reason"] == "permission_unknown"
    assert post(alice, {}) == answer | {"seq": answer["seq"]}
