"""What people write becomes safe html, by the same rules for short words and long documents."""

import html as stdlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from rooms.text import markup
from rooms.text.highlighting import highlight_code
from rooms.text.markup import render, render_plain
from rooms.text.mention_syntax import mentions_in

from . import xss

ALLOWED_TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "a", "code", "pre", "blockquote", "ul", "ol", "li", "span", "input"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
    *("math", "mi", "mn", "mo", "mtext", "mspace", "mrow", "mfrac", "msqrt", "mroot", "mstyle", "msub", "msup"),
    *("msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd"),
}
ALLOWED_ATTRIBUTES = {
    "a": {"href", "rel"},
    "p": {"class"},
    "ol": {"class", "dir", "start"},
    "ul": {"dir"},
    "li": {"class", "value"},
    "blockquote": {"dir"},
    "table": {"class", "dir"},
    "th": {"class"},
    "td": {"class"},
    "pre": {"class", "data-language"},
    "span": {"class", "data-user"},
    "input": {"class", "type", "checked", "disabled"},
    "math": {"display", "alttext"},
    "mi": {"mathvariant"},
    "mo": {"stretchy", "fence", "largeop", "movablelimits", "separator", "symmetric", "accent", "form"}
    | {"minsize", "maxsize", "lspace", "rspace"},
    "mspace": {"width"},
    "mfrac": {"linethickness"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "munder": {"accentunder"},
    "mover": {"accent"},
    "mtable": {"displaystyle", "columnspacing", "rowspacing"},
    "mtd": {"class"},
}
ALLOWED_CLASSES = re.compile(
    r"mention|code|emoji(-name)?|formula|task-list-item(-checkbox)?|align-(left|center|right)|long|sized|digits-\d{1,2}|[a-z][a-z0-9]{0,2}"
)


LATEX = [
    *(
        "\\frac{",
        "\\text{",
        "\\begin{matrix}",
        "\\end{matrix}",
        "\\left(",
        "\\right)",
        "\\sqrt",
        "\\href{",
        "\\style{",
        "\\",
    ),
    *(
        "\\mathbb{R}",
        "\\color{red}",
        "\\operatorname{",
        "\\hspace{9em}",
        "\\\\",
        "\\over",
        "\\sum",
        "\\def",
        "&lt;",
        "\\overset{",
    ),
]


def is_plain(text: str) -> bool:
    return bool(markup._PLAIN.fullmatch(text))


def html(text: str, people=None) -> str:
    return render(text, highlight_code).html(people)


def check_inert(markup_html: str) -> None:
    """Nothing that could run, load or be submitted: every tag and attribute is one of the few that are listed."""

    class Check(HTMLParser):
        def handle_starttag(self, tag, attributes):
            assert tag in ALLOWED_TAGS, tag
            for name, value in attributes:
                assert name in ALLOWED_ATTRIBUTES.get(tag, ()), (tag, name)
                if name == "href":
                    assert re.match(r"(https?|mailto):|#|/(?![/\\])", value), value
                if name == "class":
                    assert all(ALLOWED_CLASSES.fullmatch(each) for each in value.split()), value
                if name == "dir":
                    assert value == "auto"
                if name in ("start", "value"):
                    assert value.isdecimal() and len(value) < 10
            if tag == "a" and "href" in dict(attributes):
                assert dict(attributes)["rel"] == "noopener nofollow ugc"
            if tag == "input":
                assert dict(attributes)["type"] == "checkbox"
                assert "disabled" in dict(attributes)

        def handle_comment(self, data):
            raise AssertionError(f"a comment: {data}")

        handle_decl = handle_pi = unknown_decl = handle_comment

    parser = Check(convert_charrefs=True)
    parser.feed(markup_html)
    parser.close()


def test_there_are_a_hundred_strings():
    assert len(xss.STRINGS) == len(set(xss.STRINGS)) == 100


@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "hi {} there",
        "> {}",
        "- {}",
        "**{}**",
        "$x {}$",
        "$$\\text{{{}}}$$",
        "| a |\n|---|\n| {} |",
        "`{}`",
        "# {}",
    ],
)
@pytest.mark.parametrize("string", xss.STRINGS)
def test_a_string_that_tries_to_run_something_is_inert(string, frame):
    check_inert(html(frame.format(string), {"alice": 3}))


@given(st.text(alphabet=st.sampled_from(list("<>\"'&;:/\\`*_[]()!#|~=@- \nabjvscript0")), max_size=80))
def test_no_mixture_of_signs_makes_anything_else(text):
    check_inert(html(text, {"a": 1, "script": 2}))


@given(st.lists(st.sampled_from([*"<>\"'&{}^_$a1 \n", *LATEX]), max_size=30).map("".join), st.booleans())
def test_no_formula_makes_anything_else(text, display):
    check_inert(html(f"$${text}$$" if display else f"a ${text}$ b"))


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


# --- what it can do ---


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("hi **all**", "<strong>all</strong>"),
        ("~~gone~~", "<s>gone</s>"),
        ("a\nb", "a<br>\nb"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "<td>1</td>"),
        ("https://example.org/a?b=c", 'href="https://example.org/a?b=c"'),
        ("[a](mailto:a@example.org)", 'href="mailto:a@example.org"'),
        ("- [x] done\n- [ ] not", 'type="checkbox"'),
        ("![a cat](https://example.org/cat.png)", '>a cat</a>'),
        ("```python\nif x:\n    pass\n```", '<span class="k">if</span>'),
        ("```python\nif x:\n    pass\n```", 'data-language="python"'),
        ("```klingon\nqa\n```", "qa"),
        ("3. three", '<ol start="3"'),
    ],
)  # fmt: skip
def test_markdown(text, has):
    assert has in html(text)


def test_a_link_written_without_its_scheme_stays_text():
    assert "<a" not in html("look at example.org and a@example.org, ok?")


def test_code_of_any_language_keeps_every_character():
    source = "<b> & \"x\" 'y'\n\n  z"
    for language in ("", "python", "html", "sql", "nonsense"):
        shown = html(f"```{language}\n{source}\n```")
        assert stdlib.unescape(re.sub(r"<[^>]+>", "", shown)).strip("\n") == source


def test_a_very_long_block_is_not_coloured():
    assert "<span" not in html("```python\n" + "x = 1\n" * 4000 + "```")


# --- mentions ---


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


def test_the_preview_in_the_page_is_compared_with_what_this_makes():
    cases = json.loads((Path(__file__).parents[2] / "static/js/tests/rendered.json").read_text())
    assert len(cases) > 10
    for case in cases:
        assert render(case["text"]).marked == case["html"], case["text"]


@pytest.mark.parametrize("text", ["🎉", "👍🏽 ❤️", "🇨🇭👨‍👩‍👧‍👦1️⃣"])
def test_a_few_emoji_alone_are_shown_larger(text):
    assert markup.render(text).marked == f'<p class="emoji">{text}</p>\n'


@pytest.mark.parametrize("text", ["🎉 hooray", "12", "🎉" * 28, "# 🎉", "😀\n😀"])
def test_emoji_with_anything_else_are_not(text):
    assert "emoji" not in markup.render(text).marked
