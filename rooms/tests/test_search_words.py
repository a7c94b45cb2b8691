"""What was typed, taken apart; and where a text holds it. No database."""

import pytest

from rooms.search_words import LENGTH, Query, excerpt, parse


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", Query()),
        ("  ?! … ", Query()),
        ("deploy", Query(("deploy",), open=True)),
        ("new york", Query(("new", "york"), open=True)),
        ('"new york"', Query(("new york",))),
        ('"new york" trip', Query(("new york", "trip"), open=True)),
        ('trip "new york', Query(("trip", "new york"), open=True)),
        ("„neu hier“", Query(("neu hier",))),
        ("to", Query(("to",))),
        ("tom", Query(("tom",), open=True)),
        ("and/or", Query(("and/or",))),
        ("or/and", Query(("or/and",), open=True)),
        ("a\x00b", Query(("a b",))),
        ("👍", Query(anywhere=("👍",))),
        ("deploy 天気", Query(("deploy",), anywhere=("天気",))),
        ('a"b"c', Query(("a", "b", "c"))),
    ],
)
def test_taken_apart(typed, query):
    assert parse(typed) == query
    assert bool(query) == bool(query.phrases or query.anywhere)


def shown(text, typed) -> str:
    return "".join(f"[{piece}]" if hit else piece for piece, hit in excerpt(text, parse(typed)))


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("Cats and dogs, cat food", "cat", "[Cats] and dogs, [cat] food"),
        ("Cats and dogs, cat food", '"cat"', "Cats and dogs, [cat] food"),
        ("concat the cat", "cat", "concat the [cat]"),
        ("new house, New  York", '"new york"', "new house, [New York]"),
        ("Ein Café und ein CAFE\u0301", "cafe", "Ein [Café] und ein [CAFE\u0301]"),
        ("me@home.example", "home", "me@[home].example"),
        ("東京タワーへ行く", "タワー", "東京[タワー]へ行く"),
        ("good 👍 job", "👍 job", "good [👍] [job]"),
        ("<b>x</b>", "b", "<[b]>x</[b]>"),
        ("nothing of it", "absent", "nothing of it"),
    ],
)
def test_hits_are_pieces_of_their_own(text, typed, marked):
    assert shown(text, typed) == marked


def test_a_long_text_is_shown_around_the_first_hit():
    text = "before " * 200 + "the needle " + "after " * 200
    found = shown(text, "needle")
    assert found.startswith("…before") and found.endswith("after…") and "[needle]" in found
    assert LENGTH - 20 < len(found) < LENGTH + 10
    assert shown("x" * 1000, "y").endswith("x…") and len(shown("x" * 1000, "y")) == LENGTH + 1


def test_all_pieces_together_are_the_excerpt_and_none_is_empty():
    pieces = excerpt("one two one", parse("one"))
    assert pieces == [("one", True), (" two ", False), ("one", True)]
