"""An invitation link says who invites and where to, also to somebody who is not signed in."""

import pytest

from rooms.models import RoomKind
from rooms.services import invitation_links, membership, profiles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


@pytest.fixture
def link(alice):
    """The address of a link into alice's private room."""
    room = membership.create_room(alice, "Garden party", RoomKind.PRIVATE)
    return f"/chat/invite/{invitation_links.create_link(alice, room.name)[1]}/"


def test_a_stranger_reads_who_invites_and_where_to_and_comes_back_after_signing_in(client, alice, link):
    profiles.set_display_name(alice, "Alice Smith")
    answer = client.get(link)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert "Alice Smith invites you to the private room <strong>Garden party</strong>." in page
    assert f'href="/accounts/login/?next={link}"' in page
    assert f'href="/accounts/signup/?next={link}"' in page
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_stranger_joins_nothing(client, link):
    assert client.post(link).headers["Location"].startswith("/accounts/login/?next=/chat/invite/")


def test_a_link_that_does_not_work_says_nothing_of_any_room(client, alice, link):
    alice.is_active = False
    alice.save()
    for address in (link, "/chat/invite/" + "A" * 43 + "/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Garden" not in answer.content.decode()


def test_an_address_cannot_try_many(monkeypatch, client, link):
    monkeypatch.setattr("rooms.kernel.rate_limits.LINKS_OF_BLOCK", 1)
    client.get(link)
    assert client.get(link).status_code == 429
