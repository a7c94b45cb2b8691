"""What was typed, taken apart; and where a text holds it. No database."""

import pytest

from rooms.search.query import EXCERPT_LENGTH, excerpt, parse


@pytest.mark.parametrize(
    ("typed", "phrases"),
    [
        ("", []),
        ("  ?! … ", []),
        ("deploy", ["deploy*"]),
        ("new york", ["new", "york*"]),
        ('"new york"', ["new york"]),
        ('"new york" trip', ["new york", "trip*"]),
        ('trip "new york', ["trip", "new york*"]),
        ("„neu hier“", ["neu hier"]),
        ("to", ["to"]),
        ("tom", ["tom*"]),
        ("and/or", ["and or"]),
        ("or/and", ["or and*"]),
        ("a\x00b", ["a b"]),
        ("ÉTÉ été", ["ete", "ete*"]),
        ("a a b", ["a", "b"]),
        ("👍", ["👍"]),
        ('a"b"c', ["a", "b", "c"]),
        # Of a script without spaces each two characters, and one as the beginning of two.
        ("天気", ["天気"]),
        ("天気予報", ["天気 気予 予報"]),
        ("天", ["天*"]),
        ('"天"', ["天*"]),
        ("天 deploy", ["天*", "deploy*"]),
        ("deploy 天気", ["deploy", "天気"]),
        ("重启redis", ["重启 启 redis*"]),
        ("redis服务", ["redis 服务"]),
        ("redis服", ["redis 服*"]),
        ("서버", ["서버"]),
    ],
)
def test_taken_apart(typed, phrases):
    query = parse(typed)
    assert [" ".join(phrase.words) + "*" * phrase.is_prefix for phrase in query.phrases] == phrases
    assert bool(query) == bool(phrases)


def shown(text, typed) -> str:
    return "".join(f"[{piece}]" if hit else piece for piece, hit in excerpt(text, parse(typed)))


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("Cats and dogs, cat food", "cat", "[Cats] and dogs, [cat] food"),
        ("Cats and dogs, cat food", '"cat"', "Cats and dogs, [cat] food"),
        ("concat the cat", "cat", "concat the [cat]"),
        ("new house, New  York", '"new york"', "new house, [New York]"),
        ("Ein Café und ein CAFE\u0301", "cafe", "Ein [Café] und ein [CAFÉ]"),
        ("x\u0302y x\u0302 z", "x", "x\u0302y [x\u0302] z"),
        ("me@home.example", "home", "me@[home].example"),
        ("東京タワーへ行く", "タワー", "東京[タワー]へ行く"),
        ("good 👍 job", "👍 job", "good [👍] [job]"),
        ("東京タワーへ行く", "タ", "東京[タ]ワーへ行く"),
        ("东京和京东", "京", "东[京]和[京]东"),
        ("重启Redis服务器", "redis", "重启[Redis]服务器"),
        ("重启Redis服务器", "启redis服", "重[启Redis服]务器"),
        ("DBを再起動する", "DB 起動", "[DB]を再[起動]する"),
        ("메일서버가", "서버", "메일[서버]가"),
        ("ﾃﾞｰﾀﾍﾞｰｽ", "ベース", "データ[ベース]"),
        ("Die Straße, ﬁne", "STRASSE fine", "Die [Straße], [ﬁne]"),
        ("good 👍🏽", "👍", "good [👍🏽]"),
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
    assert EXCERPT_LENGTH - 20 < len(found) < EXCERPT_LENGTH + 10
    assert shown("x" * 1000, "y").endswith("x…") and len(shown("x" * 1000, "y")) == EXCERPT_LENGTH + 1


def test_all_pieces_together_are_the_excerpt_and_none_is_empty():
    pieces = excerpt("one two one", parse("one"))
    assert pieces == [("one", True), (" two ", False), ("one", True)]
