"""What is offered in place of a room or a person that is not there."""

import re

import pytest

from accounts.models import User
from rooms.kernel import rate_limits
from rooms.services import direct_messages, membership, moderation
from rooms.web.suggestions import MAX_SUGGESTED, find_similar_people, find_similar_rooms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


@pytest.fixture
def signed_in(client, charlie):
    client.force_login(charlie)
    return client


def titles(user, typed: str) -> list[str]:
    return [room.title for room in find_similar_rooms(user, typed)]


def names(user, typed: str) -> list[str]:
    return [person.username for person in find_similar_people(user, typed)]


def suggested(page) -> list[tuple[str, str]]:
    """(address, name) of each card."""
    assert page.status_code == 404
    return re.findall(r'class="card" href="([^"]+)".*?class="card-name[^>]*>([^<]+)<', page.content.decode(), re.S)


@pytest.mark.parametrize("typed", ["general", "GENERAL-c", "chat", "genral chat", "generel-chat", "General chatt"])
def test_a_room_is_suggested_for_a_part_of_its_name_and_for_a_slip(alice, charlie, typed):
    membership.get_or_create_and_join(alice, "General chat")
    membership.get_or_create_and_join(alice, "Kitchen")
    assert titles(charlie, typed) == ["General chat"]


@pytest.mark.parametrize("typed", ["", "👍", "__", "gen ius", "x" * 100_000])
def test_what_resembles_nothing_suggests_nothing(alice, charlie, typed):
    membership.get_or_create_and_join(alice, "General chat")
    assert titles(charlie, typed) == names(charlie, typed) == []


def test_the_most_similar_ones_come_first_and_few(make_user, charlie):
    for name in ("danielle", "daniel", "danton", "dane"):
        make_user(name)
    assert names(charlie, "danil")[:2] == ["daniel", "danielle"]
    for number in range(MAX_SUGGESTED):
        make_user(f"danielle{number}")
    assert len(names(charlie, "daniele")) == MAX_SUGGESTED


def test_only_what_the_reader_may_see_is_suggested(alice, charlie, make_user):
    membership.create_room(alice, "Secret plans", "private")
    shut = membership.get_or_create_and_join(alice, "Secret garden")
    membership.get_or_join(charlie, shut.name)
    moderation.remove(alice, shut.name, charlie.id, ban=True)
    assert titles(charlie, "secrets") == titles(charlie, "secret") == []
    assert len(titles(alice, "secret")) == 2
    User.objects.filter(pk=make_user("charlotte").pk).update(is_active=False)
    assert names(charlie, "charlott") == []
    assert names(charlie, "charlie") == []  # nobody writes to themselves


def test_the_page_of_no_room_names_rooms_and_people(signed_in, alice, make_user):
    membership.get_or_create_and_join(alice, "Dance floor")
    make_user("dancer")
    page = signed_in.get("/chat/dance/")
    assert suggested(page) == [("/chat/dance-floor/", "Dance floor"), ("/dm/dancer/", "dancer")]
    assert "create-room" in page.content.decode()


def test_the_page_of_no_person_names_people(signed_in, alice, make_user):
    membership.get_or_create_and_join(alice, "Dance floor")
    make_user("dancer")
    direct_messages.get_or_create_direct_message(User.objects.get(username="charlie"), "dancer")
    page = signed_in.get("/dm/dancr/")
    assert ("/dm/dancer/", "dancer") in suggested(page)
    assert "Dance floor" not in page.content.decode()


def test_many_wrong_addresses_are_not_looked_up(signed_in, alice, monkeypatch):
    monkeypatch.setattr(rate_limits, "LOOKUPS", 1)
    assert suggested(signed_in.get("/dm/alicia/")) == [("/dm/alice/", "alice")]
    assert suggested(signed_in.get("/dm/alicia/")) == []
