"""Finding messages over HTTP: hits in context, older ones, and what is no search."""

import re
import uuid

import pytest

from rooms.kernel import rate_limits
from rooms.services import direct_messages, membership
from rooms.services.posting import Post, post_many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unpublished")]


def test_the_api_answers_with_hits_in_context(client, alice, bob, lobby, say):
    say(bob, lobby, "long ago " * 30 + "the **Teapot** & <cups>")
    client.force_login(alice)
    answer = client.get("/api/search", {"q": "teapot", "room": "lobby", "from": "bob", "since": "2020-01-01"}).json()
    [hit] = answer["hits"]
    assert answer["more"] is False and hit["message"]["sender"]["name"] == "bob"
    assert hit["blocked"] is False
    assert hit["room"] == {"name": "lobby", "title": "Lobby", "kind": "public"}
    assert ["Teapot", True] in hit["excerpt"] and hit["excerpt"][0] == ["…", False]
    assert "".join(piece for piece, _hit in hit["excerpt"]).endswith("the Teapot & <cups>")
    for query in (
        {"until": "2020-01-01T00:00:00Z"},
        {"since": "2999-01-01T00:00:00+02:00"},
        {"since": "9999-12-31T23:59:59-14:00"},
        {"until": "0001-01-01T00:00:00+14:00"},
        {"before": hit["message"]["id"]},
    ):
        assert client.get("/api/search", {"q": "teapot", **query}).json() == {"hits": [], "more": False}
    for query in ({"since": "0001-01-01"}, {"until": "9999-12-31T23:59:59"}):
        assert len(client.get("/api/search", {"q": "teapot", **query}).json()["hits"]) == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"since": "soon"}, 400),
        ({"before": "x"}, 400),
        ({"q": "x" * 8000}, 413),
        ({"room": "none"}, 404),
        ({"from": "no"}, 404),
    ],
)
def test_the_api_says_what_is_wrong(client, alice, lobby, query, status):
    client.force_login(alice)
    answer = client.get("/api/search", {"q": "x", **query})
    assert answer.status_code == status and answer.json()["message"].endswith(".")


def test_the_page_finds_what_i_may_read_and_nothing_else(client, alice, charlie, lobby, say):
    secret = membership.create_room(alice, "Secret", "private")
    say(alice, secret, "the password is swordfish")
    shown = say(alice, lobby, "swordfish & <chips> for all")
    client.force_login(charlie)
    page = client.get("/search/", {"q": "swordfish"}).content.decode()
    assert re.search("<mark\\s*>swordfish</mark> &amp; &lt;chips&gt; for all", page)
    assert "password" not in page and f'href="/chat/lobby/?around={shown}#m{shown}"' in page
    assert client.get("/search/", {"q": "swordfish", "room": secret.name}).status_code == 404
    client.force_login(alice)
    assert "password" in client.get("/search/", {"q": "swordfish"}).content.decode()


def test_a_hit_in_a_direct_message_leads_to_the_direct_message(client, alice, bob, say):
    said = say(bob, direct_messages.get_or_create_direct_message(alice, "bob"), "between us")
    client.force_login(alice)
    page = client.get("/search/", {"q": "between"}).content.decode()
    assert f'href="/dm/bob/?around={said}#m{said}"' in page


@pytest.mark.usefixtures("with_context")
def test_the_page_leads_to_older_hits(client, alice, lobby):
    post_many([Post(alice, lobby.id, f"again {n}", uuid.uuid4()) for n in range(25)])
    client.force_login(alice)
    page = client.get("/search/", {"q": "again", "room": "lobby"})
    older = client.get(f"/search/?{page.context['older']}")
    assert page.content.count(b'class="hit-text') == 20 and older.content.count(b'class="hit-text') == 5
    assert not older.context["older"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"since": "never"}, 400), ({"sender": "nobody"}, 404), ({"before": "-1"}, 400), ({"before": "9" * 40}, 400),
        ({"q": "x" * 500}, 400), ({"q": "\x00"}, 200), ({"q": '"*('}, 200), ({"room": "../etc"}, 404), ({"q": ""}, 200),
        ({"since": "0001-01-01"}, 200), ({"until": "9999-12-31"}, 200), ({"since": "9999-12-31"}, 200),
    ],
)  # fmt: skip
def test_the_page_takes_any_input(client, alice, lobby, query, status, settings):
    settings.REDIS_PREFIX = f"search-{uuid.uuid4()}"  # a limit of its own
    client.force_login(alice)
    assert client.get("/search/", {"q": "x", **query}).status_code == status


def test_who_searches_without_a_pause_is_told_to_wait(client, alice, lobby, settings, monkeypatch):
    settings.REDIS_PREFIX = f"search-{uuid.uuid4()}"
    monkeypatch.setattr(rate_limits, "SEARCHES", 3)
    client.force_login(alice)
    answers = [client.get("/api/search", {"q": "x"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].json()["code"] == "rate_limited" and int(answers[3].headers["Retry-After"]) > 0
    assert client.get("/search/", {"q": "x"}).status_code == 429
