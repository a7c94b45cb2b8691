"""Passing a message on: quoted, with its files, of which no byte is copied; rights are asked on both sides."""

import json
import re

import pytest

from files.models import Blob
from rooms.kernel.errors import ChatError
from rooms.models import Attachment, Message
from rooms.services import direct_messages, forwarding, membership, messages
from rooms.services.membership import get_or_create_and_join

from .operations import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


@pytest.fixture
def with_file(alice, lobby):
    """A message of alice with a file, whose bytes are nowhere: nobody asks for them here."""
    blob = Blob.objects.create(digest="ab" * 32, size=6, type="text/plain")
    row = Attachment.objects.create(room=lobby, uploader=alice, blob=blob, name="notes.txt", alt="what we said")
    said = messages.post(alice, "lobby", "look, @bob:\n*here*", files=[row.key]).message_id
    return Message.objects.get(pk=said)


def test_with_its_files_and_where_it_is_from(alice, bob, with_file):
    get_or_create_and_join(bob, "Kitchen")
    posted = forwarding.forward(bob, "lobby", with_file.pk, "kitchen", "Please *read*:")
    made = Message.objects.get(pk=posted.message_id)
    link = f"[#Lobby](/chat/lobby/?around={with_file.pk}#m{with_file.pk})"
    assert made.text == f"Please *read*:\n\n> **alice** · {link}\n>\n> look, @bob:\n> *here*"
    assert f'href="/chat/lobby/?around={with_file.pk}#m{with_file.pk}"' in made.html and made.mentions == []
    first, second = Attachment.objects.order_by("pk")
    assert (second.blob_id, second.message_id, second.room.name) == (first.blob_id, made.pk, "kitchen")
    assert (second.uploader, second.name, second.alt, second.size) == (bob, "notes.txt", "what we said", 6)
    assert second.key != first.key and made.files[0]["id"] == second.key
    messages.delete(alice, "lobby", with_file.pk)
    assert Blob.objects.exists() and Attachment.objects.get() == second


def test_a_private_room_is_named_only_to_its_members(alice, bob, mona, lobby):
    room = membership.create_room(alice, "Plans", "private")
    said = messages.post(alice, room.name, "secret").message_id
    forwarding.forward(alice, room.name, said, "lobby")
    assert Message.objects.filter(room=lobby).latest("pk").text == "> **alice**\n>\n> secret"
    team = membership.create_room(alice, "Team", "private")
    forwarding.forward(alice, room.name, said, team.name)  # nobody is there but her
    assert "#Plans" in Message.objects.filter(room=team).latest("pk").text
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    forwarding.forward(alice, room.name, said, direct.name)
    assert "#Plans" not in Message.objects.filter(room=direct).latest("pk").text
    for source, target in ((room.name, "lobby"), ("lobby", room.name)):
        with pytest.raises(ChatError) as caught:
            forwarding.forward(mona, source, Message.objects.filter(room__name=source).latest("pk").pk, target)
        assert caught.value.code == "not_found"


def test_what_is_refused_leaves_nothing(alice, bob, lobby, with_file, settings, say):
    kitchen = get_or_create_and_join(bob, "Kitchen")
    kitchen.archived = True
    kitchen.save()
    settings.FILES_QUOTA_PERSON_MB = 1
    for change, reason in (({}, "room_archived"), ({"archived": False}, None)):
        type(kitchen).objects.filter(pk=kitchen.pk).update(**change)
        if reason:
            with pytest.raises(ChatError) as caught:
                forwarding.forward(bob, "lobby", with_file.pk, "kitchen")
            assert caught.value.reason == reason and Attachment.objects.count() == 1
    Blob.objects.update(size=2**20)
    Attachment.objects.update(size=2**21)
    with pytest.raises(ChatError) as caught:  # it counts for who forwards it
        forwarding.forward(bob, "lobby", with_file.pk, "kitchen")
    assert caught.value.reason == "person_has_no_space" and Attachment.objects.count() == 1
    messages.delete(alice, "lobby", with_file.pk)
    with pytest.raises(ChatError, match="deleted"):
        forwarding.forward(bob, "lobby", with_file.pk, "kitchen")


def test_the_page_and_the_api(bob, with_file):
    get_or_create_and_join(bob, "Kitchen")
    browser = signed_in(bob)
    address = f"/chat/lobby/messages/{with_file.pk}/forward/"
    page = browser.get(address).content.decode()
    assert re.search(r'(?s)name="to" value="kitchen" required>.{,200}>Kitchen</span>', page)
    assert "look, @bob: here" in page
    assert "Forwarded to Kitchen." in browser.post(address, {"to": "kitchen"}, follow=True).content.decode()
    body = {"to": "kitchen", "message": "again", "id": "6f1b1a52-0000-4000-8000-000000000001"}
    for status in (201, 200):  # twice is once
        answer = browser.post(f"/api{address.replace('/chat', '/rooms')[:-1]}", json.dumps(body), "application/json")
        assert answer.status_code == status, answer.content
        assert [each["name"] for each in answer.json()["files"]] == ["notes.txt"]
    assert Attachment.objects.count() == 3
