"""The pages about pinned messages: the list, pinning by number or link, and what the message itself says."""

import pytest
from django.test import Client

from rooms.models import Block, Room
from rooms.queries import pins
from rooms.services import archiving, direct_messages, messages, pinning

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(bob, lobby) -> int:
    """A message of bob in alice's lobby; number 1."""
    return messages.post(bob, "lobby", "the **door code** is 1234").message_id


def pinned_ids(room: Room) -> list[int]:
    return [message.pk for message in pins.pinned_in(room)]


def page_of(user, address: str = "/chat/lobby/pins/", **headers) -> str:
    client = Client()
    client.force_login(user)
    return " ".join(client.get(address, headers=headers).content.decode().split())


def test_the_page_lists_them_with_who_pinned_them_and_a_way_there(alice, bob, lobby, said):
    assert "Nothing is pinned" in page_of(bob)
    pinning.pin(alice, "lobby", said)
    page = page_of(bob)
    assert f'href="/chat/lobby/?around={said}#m{said}"' in page
    assert "the door code is 1234" in page and "Pinned by alice" in page
    assert 'value="unpin"' not in page and 'value="unpin"' in page_of(alice)
    assert "Angepinnt von alice" in page_of(bob, **{"Accept-Language": "de"})
    assert "<html" not in page_of(bob, **{"X-Panel": "yes"})


def test_the_page_of_direct_messages_leads_to_the_other_person(alice, bob):
    room = direct_messages.get_or_create_direct_message(alice, "bob")
    said = messages.post(alice, room.name, "hi").message_id
    pinning.pin(bob, room.name, said)
    assert f'href="/dm/bob/?around={said}#m{said}"' in page_of(alice, f"/chat/{room.name}/pins/")


@pytest.mark.parametrize("text", ["{id}", "#m{id}", "https://chat.example.org/chat/lobby/?before=9#m{id}", " {id} "])
def test_a_message_is_pinned_by_its_number_or_its_link(client, alice, lobby, said, text):
    client.force_login(alice)
    page = client.post("/chat/lobby/pins/", {"do": "pin", "message": text.format(id=said)}, follow=True)
    assert "Message pinned." in page.content.decode() and pinned_ids(lobby) == [said]
    client.post("/chat/lobby/pins/", {"do": "unpin", "message": said})
    assert pinned_ids(lobby) == []


@pytest.mark.parametrize("text", ["", "hello", "9" * 30, "m1 x", "\0" * 9, "https://example.org/" + "x" * 9000])
def test_what_is_no_link_is_refused_in_words(client, alice, lobby, said, text):
    client.force_login(alice)
    page = client.post("/chat/lobby/pins/", {"do": "pin", "message": text}, follow=True).content.decode()
    assert "Enter a link to a message in this room." in page and pinned_ids(lobby) == []


def test_a_blocked_author_is_folded_and_an_archived_room_offers_nothing(alice, bob, lobby, said):
    pinning.pin(alice, "lobby", said)
    Block.objects.create(user=alice, blocked=bob)
    assert "Message from a person you blocked" in page_of(alice)
    archiving.archive(alice, "lobby")
    assert 'value="unpin"' not in page_of(alice) and "Pin a message" not in page_of(alice)


def test_the_message_itself_says_that_it_is_pinned(alice, bob, lobby, said):
    mark = '<p class="pin-mark" hidden>'
    before = page_of(bob, "/chat/lobby/").count(mark)
    pinning.pin(alice, "lobby", said)
    page = page_of(bob, "/chat/lobby/")
    assert '<p class="pin-mark">Pinned</p' in page
    assert page.count(mark) == before  # one more message, and one fewer that is not pinned
