"""A new display name or status is seen at once, in open rooms, in lists and in whatever is written from then on."""

import json
import re

import pytest

from accounts import profiles as accounts_profiles
from rooms.kernel.errors import ChatError
from rooms.models import Message
from rooms.search.directory import find_people
from rooms.search.name_index import index_batch
from rooms.services import direct_messages, membership, messages, pictures, profiles

pytestmark = pytest.mark.usefixtures("fast")


@pytest.mark.django_db
def test_people_are_found_by_either_name_and_the_user_name_comes_first(alice, bob, make_user):
    profiles.set_display_name(alice, "Bobby Schmidt")
    assert [user.username for user in find_people("schm", 5)[0]] == ["alice"]
    assert [user.username for user in find_people("bob", 5)[0]] == ["bob", "alice"]
    profiles.set_display_name(alice, "")
    assert find_people("schm", 5)[0] == []
    assert not index_batch()  # nothing is left to do


@pytest.mark.django_db
def test_names_changed_by_sql_are_indexed_later(alice):
    type(alice).objects.filter(pk=alice.pk).update(display_name="Zoe")
    assert index_batch()
    assert [user.username for user in find_people("zoe", 5)[0]] == ["alice"]


@pytest.mark.django_db
def test_the_api_shows_and_changes_it(client, alice, bob):
    client.force_login(alice)

    def patch(**fields):
        return client.patch("/api/me", json.dumps(fields), "application/json").json()

    assert client.get("/api/me").json() == {"id": alice.id, "name": "alice", "bot": False}
    assert patch(display_name="Anna")["display_name"] == "Anna"
    assert patch(status="lunch", emoji="🍽️", **{"for": "1h"})["status"]["text"] == "lunch"
    quiet = patch(availability="dnd")["status"]
    assert quiet == {"emoji": "🍽️", "text": "lunch", "availability": "dnd"}
    refused = patch(display_name="Bob")
    assert (refused["reason"], refused["code"]) == ("profile_invalid", "invalid")
    assert client.get("/api/people?q=anna").json()["people"][0]["status"] == quiet


@pytest.mark.django_db
def test_refusals_are_errors_of_the_wire(alice, bob):
    with pytest.raises(ChatError) as caught:
        profiles.set_display_name(alice, "bob")
    assert caught.value.reason == "profile_invalid"
    with pytest.raises(ChatError):
        profiles.set_status(alice, "", "", "sleeping", "")


@pytest.mark.django_db
def test_pages_show_the_display_name(client, alice, bob, lobby):
    profiles.set_display_name(bob, "Robert Ross")
    messages.post(bob, "lobby", "hello")
    quoted = Message.objects.get()
    messages.post(alice, "lobby", "yes", reply_to=quoted.id)
    client.force_login(alice)
    page = client.get("/chat/lobby/").content.decode()
    assert re.search(r'<a class="author"[^>]* data-name="bob"[^>]*>Robert Ross</a>', page)
    assert "<b>Robert Ross</b>" in page  # the quote
    profiles.set_display_name(bob, "Bob R.")
    assert "Robert Ross" not in client.get("/chat/lobby/").content.decode()  # what is cached is made anew
    direct_messages.get_or_create_direct_message(alice, "bob")
    assert '<span class="side-name" data-name="bob">Bob R.</span>' in client.get("/chat/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_others_in_the_room_see_a_change_at_once_and_posts_have_the_new_name(web, alice, bob):
    membership.get_or_create_and_join(alice, "Lobby")
    with web.open(alice, "lobby") as one, web.open(bob, "lobby") as two:
        one.wait("welcome")
        two.wait("welcome")
        accounts_profiles.set_display_name(bob, "Robert Ross")
        assert one.wait("person")["user"]["display_name"] == "Robert Ross"
        assert two.wait("person")["user"]["display_name"] == "Robert Ross"
        two.send("send", message="hello")
        assert one.wait("message")["sender"]["display_name"] == "Robert Ross"
        bob = pictures.set_of_person(bob, "bob", pictures.Squares(b"small", b"large"))
        assert one.wait("person")["user"]["avatar"] == bob.avatar
        two.send("send", message="look at me")
        assert one.wait("message")["sender"]["avatar"] == bob.avatar
        accounts_profiles.set_status(bob, "lunch", "🍽️", "away", "1h")
        assert one.wait("person")["user"]["status"]["availability"] == "away"
        with web.open(alice, "lobby") as again:
            shown = {each["name"]: each for each in again.wait("welcome")["online"]}
            assert shown["bob"]["status"]["text"] == "lunch"


@pytest.mark.django_db(transaction=True)
def test_who_changes_it_all_the_time_is_shown_later(monkeypatch, alice, lobby):
    told = []
    monkeypatch.setattr("rooms.publishing.events.person_changed", lambda *args: told.append(args))
    for number in range(15):
        accounts_profiles.set_status(alice, f"status {number}")
    assert len(told) == 10
