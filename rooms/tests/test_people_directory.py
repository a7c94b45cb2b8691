"""The page of everybody who has an account."""

import pytest

from accounts import profiles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast", "unlimited")]


@pytest.fixture
def names(client, alice, bob):
    """names(query string): the user names that the page links, in its order."""
    import re

    client.force_login(alice)

    def read(query: str = "") -> list[str]:
        page = client.get(f"/people/{query}").content.decode()
        listed = page.partition('id="directory"')[2].partition("</ul>")[0]
        return re.findall(r'href="/people/([^/]+)/" data-card', listed)

    return read


@pytest.fixture(autouse=True)
def no_bot(alice):
    """One is made with the tables."""
    type(alice).objects.filter(is_bot=True).update(is_active=False)


def test_everybody_is_listed_by_name_or_the_newest_first(names, make_user):
    make_user("Zoe")
    assert names() == ["alice", "bob", "Zoe"]
    assert names("?sort=new")[0] == "Zoe"


def test_who_is_gone_is_not(names, bob):
    bob.is_active = False
    bob.save()
    assert names() == ["alice"]


def test_people_are_found_by_either_name(names, bob):
    profiles.set_display_name(bob, "Robert Ross")
    assert names("?q=ross") == names("?q=bo") == ["bob"]
    assert names("?q=zzz") == []


def test_it_comes_in_pages(names, monkeypatch):
    monkeypatch.setattr("rooms.web.directory_views.PAGE", 1)
    assert names() == ["alice"]
    assert names("?page=2") == ["bob"]
    assert names("?page=3") == []
    assert names("?page=x") == names("?page=0") == ["alice"]


def test_a_name_that_is_html_stays_text(client, alice):
    type(alice).objects.filter(pk=alice.pk).update(display_name="<b>x</b>")
    client.force_login(alice)
    assert "<b>x</b>" not in client.get("/people/").content.decode()
