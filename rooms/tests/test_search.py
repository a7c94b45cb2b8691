"""Finding messages: every way of writing one reaches the index, and nobody finds what they may not read."""

import pytest
from django.utils import timezone

from rooms import actions, membership
from rooms.models import Message
from rooms.search import make_index, search

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(monkeypatch):
    monkeypatch.setattr("rooms.publisher.submit", lambda group, payload: None)

    def say(user, room, text):
        return actions.post(user, room.name, text).message_id

    return say


@pytest.fixture
def room(alice, bob):
    room = membership.open_room(alice, "Lobby")
    membership.open_room(bob, "Lobby")
    return room


def texts(*args, **kwargs):
    return [message.text for message in search(*args, **kwargs)]


def test_all_words_must_be_there_from_their_beginning_in_any_order_and_case(alice, room, say):
    say(alice, room, "The deployment of Friday failed")
    say(alice, room, "Friday is near")
    assert texts([room], "FRIDAY deploy") == ["The deployment of Friday failed"]
    assert texts([room], "friday") == ["Friday is near", "The deployment of Friday failed"]
    assert texts([room], "loyment") == []


def test_signs_are_no_operators(alice, room, say):
    say(alice, room, 'it said "x" AND NOT (y)')
    for text in ('"', "x AND", "NOT x", "x*", "(x", "text : x", "'; drop", "x NEAR y", "%", "^x", ""):
        search([room], text)
    assert texts([room], '"x" (y)') == ['it said "x" AND NOT (y)']


def test_an_edit_is_found_as_it_is_now_and_a_deleted_one_not_at_all(alice, room, say):
    edited, deleted = say(alice, room, "first words"), say(alice, room, "to be removed")
    actions.edit(alice, room.name, edited, "second thoughts")
    actions.delete(alice, room.name, deleted)
    assert texts([room], "first") == texts([room], "removed") == []
    assert texts([room], "second") == ["second thoughts"]


def test_only_in_the_rooms_that_are_given_and_only_from_one_person(alice, bob, room, say):
    other = membership.open_room(alice, "Other")
    say(alice, room, "apple one")
    say(bob, room, "apple two")
    say(alice, other, "apple three")
    assert texts([room], "apple") == ["apple two", "apple one"]
    assert texts([room, other], "apple") == ["apple three", "apple two", "apple one"]
    assert texts([room, other], "apple", sender_id=bob.id) == ["apple two"]
    assert texts([], "apple") == []


def test_by_time_and_in_pages(alice, room, say):
    ids = [say(alice, room, f"pear {number}") for number in range(5)]
    now = timezone.now()
    for days, id in enumerate(reversed(ids)):
        Message.objects.filter(pk=id).update(created=now - timezone.timedelta(days=days))
    two_days_ago = now - timezone.timedelta(days=2, hours=1)
    assert texts([room], "pear", since=two_days_ago) == ["pear 4", "pear 3", "pear 2"]
    assert texts([room], "pear", until=two_days_ago) == ["pear 1", "pear 0"]
    assert texts([room], "pear", limit=2) == ["pear 4", "pear 3"]
    assert texts([room], "pear", limit=2, before=ids[3]) == ["pear 2", "pear 1"]


@pytest.mark.django_db(transaction=True)  # an index is not made amid a transaction that has written
def test_making_the_index_again_changes_nothing(alice, room, say):
    say(alice, room, "once only")
    make_index("default")
    assert texts([room], "once") == ["once only"]


def test_the_page_finds_what_i_may_read_and_nothing_else(client, alice, bob, charlie, room, say):
    secret = membership.create(alice, "Secret", "private")
    say(alice, secret, "the password is swordfish")
    say(alice, room, "swordfish & <chips> for all")
    client.force_login(charlie)
    page = client.get("/search/", {"q": "swordfish"}).content.decode()
    assert "<mark>swordfish</mark> &amp; &lt;chips&gt; for all" in page
    assert "password" not in page
    assert f'href="/chat/{room.name}/#m' in page
    assert "password" not in client.get("/search/", {"q": "swordfish", "room": secret.name}).content.decode()
    client.force_login(alice)
    assert "password" in client.get("/search/", {"q": "swordfish"}).content.decode()


def test_the_page_takes_any_input(client, alice, room):
    client.force_login(alice)
    odd = ({"since": "never"}, {"sender": "nobody"}, {"before": "-1"}, {"room": "../etc"}, {"q": "x" * 500}, {"q": ""})
    for query in ({"q": "x"} | fields for fields in odd):
        assert client.get("/search/", query).status_code == 200
