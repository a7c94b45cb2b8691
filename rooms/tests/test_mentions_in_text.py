"""Which names a text addresses, and how they are marked."""

import pytest

from rooms.text.highlighting import highlight_code
from rooms.text.markup import render


def html(text: str, people=None) -> str:
    return render(text, highlight_code).html(people)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@alice hi", ["alice"]),
        ("hi @Alice, and @bob.", ["alice", "bob"]),
        ("(@ann.lee)", ["ann.lee"]),
        ("**@bob**", ["bob"]),
        ("@bob @bob", ["bob"]),
        ("mail bob@example.org", []),
        ("`@bob`", []),
        ("```\n@bob\n```", []),
        ("> @bob said so", []),
        ("> quoted\n\n@bob now", ["bob"]),
        ("[@bob](https://example.org)", []),
        ("@", []),
        ("@@bob", []),
        ("https://example.org/@bob", []),
        # Glued to other words.
        ("@alice/@bob hi", ["alice", "bob"]),
        ("Thanks.@bob what?", ["bob"]),
        ("-@bob", ["bob"]),
        ("hm--@bob", ["bob"]),
        ("你好@bob", ["bob"]),
        ("@bob你好", ["bob"]),
        ("@bob的@alice", ["bob", "alice"]),
        ("안녕@bob에게", ["bob"]),
        ("@bob_", ["bob_"]),
        # The wide sign of input methods.
        ("＠bob", ["bob"]),
        ("请＠bob看", ["bob"]),
        ("＠bob/＠alice", ["bob", "alice"]),
        ("a_＠bob", []),
        ("＠@bob", []),
        ("＠bob＠alice", []),
        ("bob＠example.org", []),
        # A part of something else.
        ("a_@bob", []),
        ("a-@bob", []),
        ("é@bob", []),
        ("@bobé", []),
        ("e\u0301@bob", []),
        ("@bo\u0431", []),  # a Cyrillic letter: not @bo
        ("@bob@alice", []),
        ("@ann.lee@example.org", []),
        ("john.@example.org", []),
        ("用户@example.org", []),
        ("example.org/@bob", []),
        ("example.org/@bob/@alice", []),
        ("@" + "a" * 33, []),
    ],
)
def test_who_is_addressed(text, names):
    assert list(render(text).mentioned) == names


def test_only_known_names_are_marked_with_who_they_are():
    shown = html("@Alice and @nobody", {"alice": 3})
    assert shown == '<p><span class="mention" data-user="3">@Alice</span> and @nobody</p>\n'


def test_what_is_marked_is_what_is_addressed():
    shown = html("你好@bob你好, example.org/@bob, @alice/@bob", {"bob": 2})
    assert shown.count('data-user="2"') == 2 and "example.org/@bob" in shown


def test_a_mention_keeps_the_sign_that_was_written():
    assert html("＠Bob", {"bob": 2}) == '<p><span class="mention" data-user="2">＠Bob</span></p>\n'


def test_a_message_cannot_dress_up_as_a_mention():
    shown = html('<span class="mention" data-user="1">@admin</span>')
    assert "<span" not in shown


def test_two_lines_that_are_equal_are_both_marked():
    assert html("@bob\n@bob", {"bob": 2}).count('data-user="2"') == 2


def test_marks_are_made_for_whoever_has_the_name_in_the_end():
    rendered = render("@alice and @bob")
    assert rendered.html({"alice": 3}) == rendered.html({"alice": 3})
    assert 'data-user="4">@bob' in rendered.html({"bob": 4}) and "<span" not in rendered.html()
