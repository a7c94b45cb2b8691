"""Finding messages: every way of writing one reaches the index, and nobody finds what they may not read."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from rooms.kernel import rate_limits
from rooms.kernel.errors import ChatError
from rooms.models import Membership, Message, MessageKind, MessageState
from rooms.search import message_search as searching
from rooms.search import postgresql, sqlite
from rooms.search.message_index import build_index
from rooms.search.message_search import search, search_room
from rooms.search.query import MAX_QUERY
from rooms.services import bot_replies, direct_messages, membership, messages, moderation
from rooms.services.posting import Post, post_many
from rooms.services.sql import save_room_heads

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("rooms.publishing.publisher.submit", lambda group, payload: None)


@pytest.fixture
def say():
    return lambda user, room, text: messages.post(user, room.name, text).message_id


@pytest.fixture
def lobby(alice, bob):
    room = membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_create_and_join(bob, "Lobby")
    return room


def replying(bot_user, question_id: int) -> Message:
    with transaction.atomic():
        question = Message.objects.select_related("room").get(pk=question_id)
        reply = bot_replies.create_placeholder(question.room, bot_user, question)
        save_room_heads([question.room])
    return reply


def texts(user, words, **wanted) -> list[str]:
    return [hit.message.text for hit in search(user.id, words, **wanted).hits]


# --- words ---


def test_all_words_must_be_there_in_any_order_and_case(alice, lobby, say):
    say(alice, lobby, "The deployment of Friday failed")
    say(alice, lobby, "Friday is near")
    assert texts(alice, "FRIDAY deployment") == ["The deployment of Friday failed"]
    assert texts(alice, "friday") == ["Friday is near", "The deployment of Friday failed"]
    assert texts(alice, "friday never") == texts(alice, "loyment") == []


def test_the_last_word_may_be_the_beginning_of_one(alice, lobby, say):
    say(alice, lobby, "deployment on Friday")
    assert texts(alice, "friday depl") == ["deployment on Friday"]
    assert texts(alice, "depl friday") == texts(alice, '"depl"') == texts(alice, "friday de") == []


def test_quotation_marks_hold_words_together(alice, lobby, say):
    say(alice, lobby, "new house in York")
    say(alice, lobby, "New York is big")
    for typed in ('"new york"', "“New York”", '"new york', '"new yor'):
        assert texts(alice, typed) == ["New York is big"], typed
    assert texts(alice, '"new yor"') == []
    assert len(texts(alice, "new york")) == 2


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Café Döner à la carte", "CAFE doner"), ("cafe doner", "Café Döner"), ("un café", "cafe\u0301"),
        ("see and/or-else", "or"), ("mail me@home.example", "home"), ("version 2.10-beta", "2.10"),
        ("snake_case", "case"), ("<b>bold</b> &amp; so", "bold"), ("a ✨sparkle✨", "sparkle"), ("Привет, мир", "мир"),
        ("東京タワーへ行く", "タワー"), ("good 👍 job", "👍"), ("50% of all_users", "50% all_users"), ("it's", "it's"),
        ("it’s", "it's"),
    ],
)  # fmt: skip
def test_what_is_found_does_not_depend_on_accents_signs_or_script(alice, lobby, say, text, typed):
    say(alice, lobby, "something else")
    say(alice, lobby, text)
    assert texts(alice, typed) == [text]


ODD = [
    *('"', '""', '" "', "x AND", "NOT x", "x*", "(x", "x)", "text : x", "text:x", "tags : r1", "'; DROP TABLE x; --"),
    *(
        "x NEAR y",
        "NEAR(x y, 2)",
        "%",
        "_",
        "^x",
        "x + y",
        "-x",
        "{x y}",
        "\\",
        "\\'",
        "x\x00y",
        "\x00",
        "\ud800",
        "👍",
    ),
    *(
        "🏳️\u200d🌈",
        "\u0301",
        "\u200b",
        "日本",
        "ไทย",
        "&",
        "!",
        "x | y",
        "x & ! y",
        "x <-> y",
        "x:*",
        ":*",
        "'x'",
        "$1",
        "%s",
    ),
    *("%(x)s", "{}", "x" * MAX_QUERY, "a " * 100, '" ' * 100, "\u0130\u0131ſ", "ﬁ", "a\u0301" * 60, "\n\r\t", "1e400"),
    *("٣", "½", "x" * 100 + " y"),
]


@pytest.mark.parametrize("typed", ODD)
def test_nothing_that_is_typed_is_wrong(alice, lobby, say, typed):
    say(alice, lobby, "x AND y: quite ordinary")
    for wanted in ({}, {"room": lobby.name}, {"sender": "alice"}):
        search(alice.id, typed, **wanted)


def test_signs_are_no_operators(alice, lobby, say):
    say(alice, lobby, 'it said "x" AND NOT (y)')
    assert texts(alice, '"x" (y)') == ['it said "x" AND NOT (y)']
    assert texts(alice, "x OR zebra") == texts(alice, "z* OR x") == []


def test_a_search_too_long_is_refused_in_words(alice, lobby):
    with pytest.raises(ChatError) as refused:
        search(alice.id, "x" * 8000)
    assert refused.value.code == "too_long" and "8000" in refused.value.message


def test_nothing_to_look_for_finds_nothing(alice, lobby, say):
    say(alice, lobby, "something")
    assert texts(alice, "") == texts(alice, " ?! ") == []


# --- what was written ---


def test_an_edit_is_found_as_it_is_now_and_a_deleted_one_not_at_all(alice, lobby, say):
    edited, deleted = say(alice, lobby, "first words"), say(alice, lobby, "to be removed")
    messages.edit(alice, lobby.name, edited, "second thoughts")
    messages.delete(alice, lobby.name, deleted)
    assert texts(alice, "first") == texts(alice, "removed") == []
    assert texts(alice, "second") == ["second thoughts"]


def test_a_reply_is_found_when_it_is_finished(alice, bot_user, lobby, say):
    reply = replying(bot_user, say(alice, lobby, "what is the plan?"))
    bot_replies.update(reply.id, text="the marzipan", state=MessageState.STREAMING)
    bot_replies.checkpoint({reply.id: "the marzipan plan"})
    assert texts(alice, "marzipan") == []
    bot_replies.update(reply.id, text="the marzipan plan is simple", state=MessageState.COMPLETE)
    assert texts(alice, "marzipan plan") == ["the marzipan plan is simple"]
    bot_replies.update(reply.id, text="another answer", state=MessageState.STREAMING)
    assert texts(alice, "marzipan") == []


def test_what_is_written_and_removed_in_bulk_is_found_and_gone(alice, lobby):
    posts = [Post(alice, lobby.id, f"bulk number {n}", uuid.uuid4()) for n in range(70)]
    post_many(posts)
    assert search(alice.id, "bulk", limit=100).hits[69].message.text == "bulk number 0"
    assert texts(alice, "number 42") == ["bulk number 42"]
    Message.objects.filter(text__contains="4").delete()
    assert texts(alice, "bulk 42") == [] and len(search(alice.id, "bulk", limit=100).hits) == 70 - 16
    Message.objects.update(text="all alike")
    assert texts(alice, "bulk") == [] and len(search(alice.id, "alike", limit=100).hits) == 70 - 16


def test_what_was_rolled_back_is_not_found(alice, lobby, say):
    with pytest.raises(RuntimeError), transaction.atomic():
        say(alice, lobby, "never said")
        raise RuntimeError
    assert texts(alice, "never") == []


# --- rights ---


@pytest.fixture
def everywhere(alice, bob, lobby, say):
    """alice says "teapot" in a public room, in a private one, and to bob."""
    private, direct = (
        membership.create_room(alice, "Secret", "private"),
        direct_messages.get_or_create_direct_message(alice, "bob"),
    )
    for room in (lobby, private, direct):
        say(alice, room, f"teapot in {room.kind}")
    return private, direct


def test_everyone_finds_what_they_may_read_and_nothing_else(alice, bob, charlie, everywhere):
    assert texts(alice, "teapot") == ["teapot in direct", "teapot in private", "teapot in public"]
    assert texts(bob, "teapot") == ["teapot in direct", "teapot in public"]
    assert texts(charlie, "teapot") == ["teapot in public"]
    assert texts(charlie, "", sender="alice") == ["teapot in public"]


def test_a_room_that_is_not_for_me_looks_like_none(bob, charlie, everywhere):
    private, direct = everywhere
    for user, room in ((bob, private.name), (charlie, direct.name), (charlie, "no-such-room"), (charlie, "../\x00")):
        with pytest.raises(ChatError) as refused:
            search(user.id, "teapot", room=room)
        assert refused.value.code == "not_found"


def test_the_right_ends_with_the_place_in_the_room(alice, bob, charlie, lobby, everywhere):
    private, _direct_message = everywhere
    membership.add_member(private, charlie)
    assert "teapot in private" in texts(charlie, "teapot")
    moderation.remove(alice, private.name, charlie.id)
    moderation.remove(alice, lobby.name, bob.id, ban=True)
    assert texts(charlie, "teapot") == ["teapot in public"]
    assert texts(bob, "teapot") == ["teapot in direct"]
    with pytest.raises(ChatError):
        search(bob.id, "teapot", room=lobby.name)


def test_the_rights_hold_with_more_rooms_than_are_named_to_the_index(alice, bob, charlie, everywhere, monkeypatch):
    monkeypatch.setattr(searching, "MAX_LISTED_ROOMS", 0)
    test_everyone_finds_what_they_may_read_and_nothing_else(alice, bob, charlie, everywhere)


def test_who_is_in_no_room_and_sees_none_finds_nothing(charlie, alice, say):
    private = membership.create_room(alice, "Secret", "private")
    say(alice, private, "teapot")
    assert texts(charlie, "teapot") == []


# --- where, from whom, when, pages ---


def test_in_one_room_and_from_one_person(alice, bob, lobby, say):
    other = membership.get_or_create_and_join(alice, "Other")
    for user, room, text in ((alice, lobby, "apple one"), (bob, lobby, "apple two"), (alice, other, "apple three")):
        say(user, room, text)
    assert texts(alice, "apple", room="lobby") == ["apple two", "apple one"]
    assert texts(alice, "apple", sender="ALICE") == ["apple three", "apple one"]
    assert texts(alice, "apple", sender="@alice", room="lobby") == ["apple one"]
    assert texts(alice, "", sender="bob") == ["apple two"]
    with pytest.raises(ChatError) as refused:
        search(alice.id, "apple", sender="nobody")
    assert refused.value.code == "not_found"


def test_who_left_for_good_is_still_found(alice, bob, lobby, say):
    say(bob, lobby, "my last words")
    bob.is_active = False
    bob.save()
    assert texts(alice, "words", sender="bob") == ["my last words"]


def test_by_time(alice, lobby, say):
    ids, now = [say(alice, lobby, f"pear {number}") for number in range(5)], timezone.now()
    for days, id in enumerate(reversed(ids)):
        Message.objects.filter(pk=id).update(created=now - timedelta(days=7 * days))
    middle = now - timedelta(days=14)
    assert texts(alice, "pear", since=middle) == ["pear 4", "pear 3", "pear 2"]
    assert texts(alice, "pear", until=middle) == ["pear 1", "pear 0"]
    assert texts(alice, "pear", since=middle, until=now) == ["pear 3", "pear 2"]
    assert texts(alice, "pear", since=now + timedelta(days=30)) == []


def test_clocks_that_differ_lose_nothing(alice, lobby, say):
    """The order of numbers is not quite the order of times: two hosts, an hour apart."""
    ids, now = [say(alice, lobby, f"plum {number}") for number in range(4)], timezone.now()
    for id, hours in zip(ids, (1, 0, 1, 0), strict=True):
        Message.objects.filter(pk=id).update(created=now + timedelta(hours=hours))
    assert texts(alice, "plum", since=now + timedelta(minutes=30)) == ["plum 2", "plum 0"]
    assert texts(alice, "plum", until=now + timedelta(minutes=30)) == ["plum 3", "plum 1"]


@pytest.mark.parametrize("newest", [(), (3,), (8, 12), (4000,)])
def test_the_pages_lead_through_all_hits_once(alice, lobby, say, monkeypatch, newest):
    monkeypatch.setattr(postgresql, "NEWEST", newest)
    said = [f"page {n}" if n % 2 else f"other {n}" for n in range(21)]
    for text in said:
        say(alice, lobby, text)
    found, before = [], None
    while True:
        hits = search(alice.id, "page", before=before, limit=4)
        found += [hit.message.text for hit in hits.hits]
        before = found and hits.hits[-1].message.id
        if not hits.more:
            break
        assert len(hits.hits) == 4
    assert found == [text for text in reversed(said) if text.startswith("page")]


def test_a_page_holds_at_most_a_hundred(alice, lobby):
    post_many([Post(alice, lobby.id, "again", uuid.uuid4()) for _ in range(102)])
    assert [len(search(alice.id, "again", limit=limit).hits) for limit in (-5, 0, 7, 1000)] == [1, 1, 7, 100]


# --- for bots ---


def test_bots_search_one_room_and_the_kinds_they_want(alice, bot_user, lobby, say):
    other = membership.get_or_create_and_join(alice, "Other")
    said, _elsewhere = say(alice, lobby, "kettle"), say(alice, other, "kettle too")
    reply = replying(bot_user, said)
    bot_replies.update(reply.id, text="kettle by a bot", state=MessageState.COMPLETE)
    found = lambda **wanted: [message.id for message in search_room(lobby, "kettle", **wanted)]  # noqa: E731
    assert found() == [reply.id, said]
    assert found(kinds=[MessageKind.HUMAN]) == found(before=reply.id) == found(sender_id=alice.id) == [said]
    assert search_room(lobby, "") == []


# --- the index, and its limit in time ---


def test_making_the_index_again_changes_nothing(alice, lobby, say):
    say(alice, lobby, "once only")
    build_index("default")
    assert texts(alice, "once") == ["once only"]


def test_a_broken_index_is_made_anew(alice, lobby, say):
    """As after a migration that builds the table of messages anew, which loses the triggers on it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP {'TRIGGER message_words_new' if connection.vendor == 'sqlite' else 'INDEX message_words'}"
        )
    say(alice, lobby, "missed by the index")
    connection.check_constraints()  # PostgreSQL changes no table with some waiting to be checked
    build_index("default")
    assert texts(alice, "missed") == ["missed by the index"]
    say(alice, lobby, "not missed")
    assert len(texts(alice, "missed")) == 2


def test_a_search_that_takes_too_long_ends_with_a_sentence(alice, lobby, monkeypatch):
    post_many([Post(alice, lobby.id, "again", uuid.uuid4()) for _ in range(50)])
    monkeypatch.setattr(searching, "TIMEOUT", 0.001)
    monkeypatch.setattr(sqlite, "_STEPS_BETWEEN_CHECKS", 1)
    backend = searching.BACKENDS[connection.vendor]
    found = backend.find
    monkeypatch.setattr(backend, "find", lambda wanted: (_wait(), found(wanted))[1])
    with pytest.raises(ChatError) as refused:
        search(alice.id, "again")
    assert refused.value.code == "overloaded" and refused.value.retry_after
    monkeypatch.undo()
    assert texts(alice, "again", limit=1) == ["again"]  # the connection goes on


def _wait():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_sleep(5)")
        else:
            cursor.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e9) SELECT max(i) FROM n"
            )
            cursor.fetchone()


# --- what is shown ---


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("the **deploy** of `web-1`\n\n- [x] a > b & *c*", "deploy", "the [deploy] of web-1 a > b & c"),
        ('[the plan](https://example.org/zebra "t>t")', "plan", "the [plan] (t>t)"),
        ("[the plan](https://example.org/zebra)", "zebra", "[the plan](https://example.org/[zebra])"),
        ("**bold**", "", "bold"),
        ("| a | b |\n|---|---|\n| 1 | deploy |", "deploy", "a b 1 [deploy]"),
        ("```html\n<b>deploy</b>\n```", "deploy", "<b>[deploy]</b>"),
    ],
)
def test_hits_are_shown_as_people_read_them(alice, lobby, say, text, words, shown):
    say(alice, lobby, text)
    [hit] = search(alice.id, words, sender="alice").hits
    assert "".join(f"[{piece}]" if is_hit else piece for piece, is_hit in hit.excerpt).strip() == shown


# --- over HTTP ---


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


def test_a_muted_or_banned_place_of_others_changes_nothing_for_me(alice, bob, lobby, say):
    say(alice, lobby, "calm")
    Membership.objects.filter(user=bob).update(banned=True)
    assert texts(alice, "calm") == ["calm"] and texts(bob, "calm") == []
