"""A person is erased: what becomes of their rooms and conversations."""

import pytest
from django.test import Client

from rooms.models import Membership, Message, MessageKind, Role, Room
from rooms.services import direct_messages, membership, messages

from .zerlinda import NAME, erase

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast", "no_pauses")]


def test_rooms_are_handed_over_and_told_so(zerlinda, alice, bob):
    room = membership.create_room(zerlinda, "Plans", "private")
    membership.add_member(room, bob)
    membership.add_member(room, alice)
    Membership.objects.filter(room=room, user=alice).update(role=Role.MODERATOR)
    erase(zerlinda)
    assert Membership.objects.get(room=room, role=Role.OWNER).user == alice
    notice = Message.objects.get(room=room, kind=MessageKind.NOTICE)
    assert notice.sender == alice and "owns the room now" in notice.text
    room.refresh_from_db()
    assert room.created_by is None


def test_to_whom_a_room_was_handed_over_is_said_without_the_name(zerlinda, bob, charlie):
    room = membership.create_room(bob, "Tea", "private")
    for person in (zerlinda, charlie):
        membership.add_member(room, person)
    membership.leave(bob, room.name)
    before = Message.objects.get(room=room)
    assert before.text == f"left the room; @{NAME} owns it now"
    gone = erase(zerlinda)
    after = Message.objects.filter(room=room).earliest("pk")
    assert after.text == f"left the room; @{gone.username} owns it now" and NAME not in after.html
    assert f'data-user="{gone.pk}"' in after.html and after.seq > before.seq


def test_a_private_room_with_nobody_left_is_deleted_and_a_public_one_stays(zerlinda, bob, charlie):
    alone = membership.create_room(zerlinda, "Alone", "private")
    membership.add_member(alone, bob)
    messages.post(bob, alone.name, "I was here")
    membership.add_member(alone, charlie)
    Membership.objects.filter(room=alone, user=bob).delete()
    Membership.objects.filter(room=alone, user=charlie).update(banned=True)
    public = membership.get_or_create_and_join(zerlinda, "Public")
    erase(zerlinda)
    assert not Room.objects.filter(pk=alone.pk).exists()
    assert membership.get_or_join(bob, public.name)[1].role == Role.OWNER


def test_a_direct_conversation_stays_readable_for_the_other(zerlinda, bob):
    direct = direct_messages.get_or_create_direct_message(zerlinda, "bob")
    messages.post(bob, direct.name, "my words")
    gone = erase(zerlinda)
    client = Client()
    client.force_login(bob)
    page = client.get(f"/dm/{gone.username}/").content.decode()
    assert "my words" in page and NAME not in page
    direct.refresh_from_db()
    assert direct.title == f"bob & {gone.username}"
