"""Plain words take a short way through the renderer, with the same outcome; text without Markdown; emoji alone."""

import html as stdlib
import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from rooms.text import markup
from rooms.text.highlighting import highlight_code
from rooms.text.markup import render, render_plain
from rooms.text.mention_syntax import mentions_in

from .inert import check_inert


def is_plain(text: str) -> bool:
    return bool(markup._PLAIN.fullmatch(text))


def html(text: str, people=None) -> str:
    return render(text, highlight_code).html(people)


# --- the plain path ---

words = st.sampled_from(["a", "Ä", "ж", "א", "7", "12", "www", "http", "com", "0x", "e"])
signs = st.sampled_from([*" .,;?!'\"()%=/+-", "  ", ". ", "://", "...", "1. ", "2) "])
plainish = st.lists(words | signs, min_size=1, max_size=12).map("".join)


@settings(max_examples=500)
@given(plainish)
@example("7.")
def test_the_plain_path_gives_the_same_as_the_full_one(text):
    assume(is_plain(text))
    rendered = markup._markdown.renderer.render(markup._markdown.parse(text), markup._markdown.options, {})
    assert html(text) == markup._cleaner.clean(rendered)


@given(st.text(max_size=30))
def test_what_takes_the_plain_path_names_nobody(text):
    assert not is_plain(text) or not list(mentions_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "hello there",
        "What's up?",
        "see you at 10.30, ok?",
        "Ärger, 50% (sure)",
        "a/b + c = d",
        "no way!",
        "well... yes",
    ],
)
def test_plain_words_take_the_plain_path(text):
    assert is_plain(text)


@pytest.mark.parametrize("text", ["1. one", "7.", "7)", "- a", "*a*", "a  ", "# a", "http://x.y", "@alice", "a\nb"])
def test_what_may_be_markdown_does_not(text):
    assert not is_plain(text)


# --- without Markdown ---


@pytest.mark.parametrize("text", ["<b>*a*\n", "> @bob", "```\n@bob\n```\n@alice", "@alice <@bob>", "~~~ @bob"])
def test_plain_text_is_shown_as_it_stands(text):
    shown = render_plain(text).html({"alice": 3, "bob": 2})
    check_inert(shown)
    assert stdlib.unescape(re.sub(r"<[^>]+>", "", shown)).removesuffix("\n") == text


@pytest.mark.parametrize(
    ("text", "names"),
    [("@Alice hi, @bob", ["alice", "bob"]), ("a\n> @bob\n@alice", ["alice"]), ("```\n@bob\n```\n@alice", ["alice"])],
)
def test_plain_text_addresses_nobody_in_quotes_and_code(text, names):
    assert list(render_plain(text).mentioned) == names


@pytest.mark.parametrize("text", ["🎉", "👍🏽 ❤️", "🇨🇭👨‍👩‍👧‍👦1️⃣"])
def test_a_few_emoji_alone_are_shown_larger(text):
    assert markup.render(text).marked == f'<p class="emoji">{text}</p>\n'


@pytest.mark.parametrize("text", ["🎉 hooray", "12", "🎉" * 28, "# 🎉", "😀\n😀"])
def test_emoji_with_anything_else_are_not(text):
    assert "emoji" not in markup.render(text).marked
