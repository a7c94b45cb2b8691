"""What members and moderators do from the page about a room, and what others cannot."""

import pytest

from rooms.models import Membership
from rooms.services import membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast", "unpublished")]


def test_about_a_room_one_can_describe_invite_mute_and_leave(signed_in, alice, bob):
    room = membership.create_room(alice, "Plans", "private")
    about = f"/chat/{room.name}/about/"
    do = lambda **fields: signed_in.post(about, fields, follow=True).content.decode()  # noqa: E731
    assert "Saved." in do(do="describe", topic="Tea", description="All about tea")
    assert "bob is invited." in do(do="invite", username="@bob")
    assert "There is no person with this name." in do(do="invite", username="nobody")
    assert "muted" in do(do="mute", muted="on")
    room.refresh_from_db()
    assert room.topic == "Tea"
    assert Membership.objects.get(room=room, user=alice).muted
    assert signed_in.post(about, {"do": "leave"}).headers["location"] == "/chat/"
    assert not Membership.objects.filter(room=room, user=alice).exists()
    assert signed_in.get(about).status_code == 404


def test_moderators_keep_order_from_the_page_and_others_cannot(client, alice, bob, charlie):
    room = membership.get_or_create_and_join(alice, "lobby")
    for user in (bob, charlie):
        membership.get_or_create_and_join(user, "lobby")
    about, place = "/chat/lobby/people/", Membership.objects.filter(room=room, user=charlie)
    client.force_login(bob)
    assert "Ban from room" not in client.get(about).content.decode()
    client.post(about, {"do": "remove", "username": "charlie"})
    assert place.exists()
    client.force_login(alice)
    assert "Ban from room" in client.get(about).content.decode()
    client.post(about, {"do": "make_moderator", "username": "bob"})
    client.force_login(bob)
    client.post(about, {"do": "ban", "username": "charlie"})
    assert place.get().banned
    client.force_login(charlie)
    assert client.get("/chat/lobby/").status_code == 404


def test_moderators_reach_by_name_whom_the_page_does_not_show(signed_in, alice, bob, charlie, monkeypatch):
    monkeypatch.setattr("rooms.web.room_pages.PEOPLE_SHOWN", 1)
    room = membership.get_or_create_and_join(alice, "lobby")
    membership.get_or_join(bob, "lobby")
    about = "/chat/lobby/people/"
    page = signed_in.get(about).content.decode()
    assert "Showing the 1 members who joined first." in page
    assert 'value="bob"' not in page
    assert 'id="whom"' in page

    def do(what, name):
        return signed_in.post(about, {"do": what, "username": name}, follow=True).content.decode()

    def role_of(user):
        return Membership.objects.get(room=room, user=user).role

    assert "bob is now a moderator." in do("make_moderator", "@bob ")
    assert role_of(bob) == "moderator"
    do("make_member", "BOB")
    assert role_of(bob) == "member"
    assert "bob is no longer in the room." in do("remove", "bob")
    assert "charlie is banned from the room." in do("ban", "charlie")
    assert Membership.objects.get(room=room, user=charlie).banned
    assert "There is no person with this name." in do("ban", "nobody")


def test_the_form_by_name_is_for_those_who_keep_order(client, alice, bob, make_user):
    membership.get_or_create_and_join(alice, "lobby")
    membership.get_or_join(bob, "lobby")
    client.force_login(bob)
    assert 'id="whom"' not in client.get("/chat/lobby/people/").content.decode()
    assert (
        "Only a moderator"
        in client.post("/chat/lobby/people/", {"do": "ban", "username": "alice"}, follow=True).content.decode()
    )
    client.force_login(make_user("root", is_staff=True))
    page = client.get("/chat/lobby/people/").content.decode()
    assert page.count('value="make_moderator"') == 2  # beside bob's name, and by name
