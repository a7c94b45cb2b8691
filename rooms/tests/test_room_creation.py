"""A room is made in one place: name, kind, topic and people; with what is wrong said before anything is made."""

import pytest

from rooms.kernel.errors import ChatError
from rooms.models import Membership, PersonalInvitation, Room
from rooms.services import creation, membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


@pytest.fixture
def page(client, alice):
    client.force_login(alice)
    return lambda **fields: client.post("/new-room/", {"kind": "public", **fields}, follow=True)


def people_in(name: str) -> set[str]:
    return set(Membership.objects.filter(room__name=name).values_list("user__username", flat=True))


@pytest.mark.parametrize("kind", ["public", "private"])
def test_all_of_it_at_once(page, alice, bob, charlie, lobby, kind):
    answer = page(title="Tea time", kind=kind, topic=" Which  tea? ", people="@bob, charlie,bob")
    room = Room.objects.get(title="Tea time")
    assert answer.redirect_chain[-1][0] == f"/chat/{room.name}/"
    assert (room.kind, room.topic, room.created_by) == (kind, "Which tea?", alice)
    assert people_in(room.name) == {"alice", "bob"}  # who shares a room comes in; others are asked
    assert [each.user.username for each in PersonalInvitation.objects.filter(state="pending")] == ["charlie"]


def test_a_name_that_is_taken_leads_to_that_room_and_changes_nothing_there(page, alice, bob):
    membership.create_room(bob, "Tea time")
    answer = page(title="tea TIME", topic="mine", people="charlie")
    assert answer.status_code == 409
    assert 'href="/chat/tea-time/"' in answer.content.decode() and "Open Tea time" in answer.content.decode()
    assert (Room.objects.get().topic, people_in("tea-time")) == ("", {"bob"})


def test_nobody_is_invited_into_a_room_that_somebody_else_has_just_made(alice, bob, charlie, monkeypatch):
    membership.create_room(bob, "Tea")
    monkeypatch.setattr(creation, "find_public_room", lambda _title: None)  # it was not there a moment ago
    with pytest.raises(ChatError) as refused:
        creation.create(alice, "Tea", "public", usernames=["charlie"])
    assert refused.value.reason == "room_title_taken"
    assert not Membership.objects.filter(user=charlie).exists() and not PersonalInvitation.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": " "}, "Enter a name for the room."),
        ({"title": "x" * 81}, "The name is too long"),
        ({"title": "Tea", "topic": "x" * 201}, "This is too long; the limit is 200 characters."),
        ({"title": "Tea", "people": ",".join(f"p{n}" for n in range(51))}, "Add at most 50 people at once."),
        ({"title": "Tea", "kind": "direct"}, ""),
    ],
)
def test_nothing_is_made_of_what_is_wrong(page, fields, said):
    answer = page(**fields)
    assert answer.status_code in (400, 413) and said in answer.content.decode()
    assert not Room.objects.exists()


def test_who_could_not_be_added_is_said_and_the_room_is_there(page, bob, lobby):
    answer = page(title="Tea", people="nobody, bob")
    assert answer.redirect_chain[-1][0] == "/chat/tea/people/"
    assert "nobody: There is no person with this name." in answer.content.decode()
    assert people_in("tea") == {"alice", "bob"}


def test_rooms_are_not_made_faster_than_messages(page, settings):
    settings.RATE_MESSAGES = 1
    page(title="Tea")
    answer = page(title="Coffee")
    assert answer.status_code == 429 and "Too many new rooms" in answer.content.decode()
    assert Room.objects.count() == 1


def test_the_name_is_filled_in_and_looking_makes_nothing(client, alice):
    client.force_login(alice)
    assert 'value="Tea &amp; cake"' in client.get("/new-room/?title=Tea+%26+cake").content.decode()
    assert not Room.objects.exists()


def test_a_topic_over_http(client, alice):
    client.force_login(alice)
    body = {"title": "Tea", "topic": "Which  tea?"}
    assert client.post("/api/rooms", body, "application/json").json()["topic"] == "Which tea?"
    body = {"title": "Coffee", "topic": "x" * 201}
    assert client.post("/api/rooms", body, "application/json").status_code == 413


def test_who_was_invited_is_said_where_the_room_begins(page, client, alice, bob, charlie, lobby):
    alone = page(title="Alone").content.decode()
    assert "Invite people" in alone and "not here yet" not in alone
    room = page(title="Tea", people="charlie").content.decode()
    assert (
        "Invited, and not here yet: charlie." in room and "Invite more people" in room and "Invite people" not in room
    )
    client.force_login(charlie)
    visited = client.get("/chat/tea/").content.decode()
    assert "not here yet" not in visited  # of no concern to who is not there
    listed = client.get("/chat/").content.decode()
    assert "the public room <strong>Tea</strong>" in listed and 'data-room="tea"' not in listed  # in one place
    found = client.get("/chat/?q=tea").content.decode()
    card = found[found.index('data-room="tea"') :]
    invitation = PersonalInvitation.objects.get(user=charlie)
    assert f'action="/invitations/{invitation.pk}/"' in card and 'value="join"' not in card
