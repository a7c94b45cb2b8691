"""A closed room is read and searched, and nobody writes there, by whichever door."""

import uuid

import pytest

from rooms.kernel.errors import ChatError
from rooms.models import Message, Role, Room, RoomKind
from rooms.search import message_search
from rooms.services import archiving, direct_messages, invitation_links, membership, messages, moderation
from rooms.services.posting import Post, post_many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


@pytest.fixture
def lobby(alice, bob):
    room = membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join(bob, "lobby")
    return room


def refused(function, *args, **kwargs) -> str:
    with pytest.raises(ChatError) as caught:
        function(*args, **kwargs)
    return caught.value.code


def test_owner_moderators_and_staff_close_a_room_and_others_do_not(alice, bob, charlie, lobby, make_user):
    root = make_user("root", is_staff=True)
    for user in (bob, charlie):
        assert refused(archiving.archive, user, "lobby") == "forbidden"
    moderation.appoint(alice, "lobby", bob.id, Role.MODERATOR)
    for user in (alice, bob, root):
        assert archiving.archive(user, "lobby").archived
        assert refused(archiving.unarchive, charlie, "lobby") == "forbidden"
        assert not archiving.unarchive(user, "lobby").archived


def test_a_private_room_of_others_and_a_direct_message_cannot_be_closed(alice, bob, charlie):
    room = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    assert refused(archiving.archive, charlie, room.name) == "not_found"
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    assert refused(archiving.archive, alice, direct.name) == "forbidden"


def test_in_a_closed_room_nobody_writes_edits_or_reacts_and_moderators_still_delete(alice, bob, lobby):
    said = messages.post(bob, "lobby", "last words", uuid.UUID(int=1))
    archiving.archive(alice, "lobby")
    for user in (alice, bob):
        assert refused(messages.post, user, "lobby", "more") == "forbidden"
    assert refused(messages.edit, bob, "lobby", said.message_id, "changed") == "forbidden"
    assert refused(messages.react, bob, "lobby", said.message_id, "👍") == "forbidden"
    assert refused(messages.set_topic_and_description, bob, "lobby", topic="x") == "forbidden"
    assert messages.post(bob, "lobby", "last words", uuid.UUID(int=1)).message_id == said.message_id  # told once more
    assert messages.mark_read(bob, "lobby", 2) == 2
    assert [hit.message.id for hit in message_search.search(bob.id, "last words").hits] == [said.message_id]
    assert messages.delete(alice, "lobby", said.message_id).deleted


def test_posts_beside_it_are_not_refused_with_it(alice, lobby):
    other = membership.get_or_create_and_join(alice, "Garden")
    archiving.archive(alice, "lobby")
    outcomes = post_many([Post(alice, lobby.id, "a"), Post(alice, other.id, "b")])
    assert outcomes[0].code == "forbidden"
    assert outcomes[1].created


def test_the_room_is_told_and_twice_is_once(alice, lobby):
    for _ in range(2):
        archiving.archive(alice, "lobby")
    for _ in range(2):
        archiving.unarchive(alice, "lobby")
    assert list(Message.objects.values_list("kind", "text")) == [
        ("notice", "archived the room"),
        ("notice", "unarchived the room"),
    ]
    assert messages.post(alice, "lobby", "on we go").created


def test_it_is_not_among_the_open_ones_but_its_address_leads_there(client, alice, bob, charlie, lobby):
    archiving.archive(alice, "lobby")
    client.force_login(charlie)
    assert "/chat/lobby/" not in client.get("/chat/").content.decode()
    page = client.get("/chat/lobby/").content.decode()
    assert "readonly" in page
    assert 'placeholder="This room is archived."' in page
    assert client.post("/chat/lobby/", {"message": "hi"}).status_code == 403
    client.force_login(bob)
    assert "/chat/lobby/" in client.get("/chat/").content.decode()


def test_from_the_page_and_over_http(client, alice, bob, lobby):
    over_http = lambda what: client.post(f"/api/rooms/lobby/{what}", {}, "application/json")  # noqa: E731
    client.force_login(bob)
    assert 'value="close"' not in client.get("/chat/lobby/about/").content.decode()
    assert over_http("close").status_code == 403
    client.force_login(alice)
    assert "The room is archived." in client.post("/chat/lobby/about/", {"do": "close"}, follow=True).content.decode()
    assert client.get("/api/rooms/lobby").json()["closed"] is True
    assert over_http("reopen").json()["closed"] is False
    assert over_http("close").json()["closed"] is True
    page = client.post("/chat/lobby/about/", {"do": "reopen"}, follow=True).content.decode()
    assert "The room is no longer archived." in page
    assert not Room.objects.get().archived


def test_who_was_invited_may_still_come_in_to_read(alice, bob):
    room = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    _made, secret = invitation_links.create_link(alice, room.name)
    archiving.archive(alice, room.name)
    assert invitation_links.accept(bob, secret).archived
