"""Finding messages: which words find what, where, from whom and when."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from rooms.kernel.errors import ChatError
from rooms.models import Message, MessageKind, MessageState
from rooms.search import postgresql
from rooms.search.message_search import search, search_room
from rooms.search.query import MAX_QUERY
from rooms.services import bot_replies, membership
from rooms.services.posting import Post, post_many

from .found import replying, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unpublished")]


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
    found = lambda **wanted: [hit.message.id for hit in search_room(lobby, "kettle", **wanted)]  # noqa: E731
    assert found() == [reply.id, said]
    assert found(kinds=[MessageKind.HUMAN]) == found(before=reply.id) == found(sender_id=alice.id) == [said]
    assert search_room(lobby, "") == []


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
