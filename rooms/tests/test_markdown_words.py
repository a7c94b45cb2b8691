"""Nothing that was written may vanish: what search finds and a bot reads, a person sees."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rooms.text.markup import render, visible_text


def words(text: str) -> str:
    return " ".join(visible_text(render(text).html()).split())


def nested(depth: int, mark: str = "- ") -> str:
    return "\n".join("  " * level + f"{mark}n{level}" for level in range(depth))


@pytest.mark.parametrize("depth", [10, 14, 15, 16, 40, 60])
@pytest.mark.parametrize("behind", ["\n\nbehind", "\nbehind", "\n\n- behind\n\n# at the end"])
def test_lists_within_lists(depth, behind):
    shown = words(nested(depth) + behind)
    assert [f"n{level}" for level in range(depth)] == re.findall(r"n\d+", shown)
    assert "behind" in shown and shown.endswith(behind.split()[-1])


@pytest.mark.parametrize("text", [">" * 60 + " a\n\nb", "> " * 60 + "a\nlazy\n\nb", "- " * 60 + "a\n\nb"])
def test_quotes_and_lists_on_one_line(text):
    shown = words(text)
    assert re.findall(r"\b[ab]\b", shown) == ["a", "b"]
    assert ("lazy" in shown) == ("lazy" in text)


def test_beyond_the_deepest_level_lines_stay_as_they_were_written():
    html = render("> " * 40 + "**a** @bert\n" + "> " * 40 + "- b").html({"bert": 2})
    assert re.search(r"<p>(&gt; )+\*\*a\*\* <span[^>]*>@bert</span><br>\n(&gt; )+- b</p>", html)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # what looks like the definition of a link
        ("[Bob]: hello", "[Bob]: hello"),
        ("[12:30]: https://example.org", "[12:30]: https://example.org"),
        ("a\n\n[b]: /c", "a [b]: /c"),
        ("> [b]: /c", "[b]: /c"),
        ("- [b]: /c\n- d", "[b]: /c d"),
        ('[b]: /c "d\ne"', '[b]: /c "d e"'),
        ("[a] b\n\n[a]: /1\n[a]: /2", "a b [a]: /2"),
        ("![x][a] b\n\n[a]: /1", "x b"),
        ("[a][b] c\n\n[b]: /1\n[d]: **e**", "a c [d]: e"),
        ("`[a]` b\n\n[a]: /1", "[a] b [a]: /1"),
        # behind the fence of a code block
        ("```hello there", "hello there"),
        ("```hello there\nmore\n```", "hello there more"),
        ("```hello\n```", "hello"),
        ("~~~ `what` is\nthis\n~~~", "`what` is this"),
        ('```python title="app.py"\nx\n```', 'title="app.py" x'),
        ("```print('x')\ny\n```", "print('x') y"),
        ("```python\nx\n```", "x"),
        ("```{python}\nx\n```", "x"),
        ("```klingon\nqa\n```", "qa"),
        # cells for which a table has no column
        ("| a |\n|---|\n| 1 | 2 | 3 |", "a 1 2 3"),
        ("a|b\n-|-\n1|2|3|\\|4", "a b 1 2 3 |4"),
        ("> | a |\n> |---|\n> | 1 | 2 |", "a 1 2"),
        ("| a | b |\n|---|---|\n| 1 |", "a b 1"),
        # nothing but signs
        ("#", "#"),
        ("```", "```"),
        ("&nbsp;", "&nbsp;"),
        ("&#8203;", "&#8203;"),
        ("> #", "> #"),
        # task lists
        ("- [x]\n  a", "[x] a"),
        ("- [ ] a\n- [x]\tb", "a b"),
    ],
)
def test_nothing_vanishes(text, shown):
    assert words(text) == shown


def test_an_alignment_is_kept_as_a_class():
    html = render("| a | b | c | d |\n|---:|:-:|:--|---|\n| 1 | 2 | 3 | 4 |").html()
    assert html.count('<td class="align-right">1') == html.count('<th class="align-right">a') == 1
    assert '<td class="align-center">2' in html and '<td class="align-left">3' in html and "<td>4" in html
    assert "style" not in html


# --- whatever is written ---

_names = st.integers(0, 10**6).map(lambda number: f"w{number}x")
_signs = st.sampled_from([
    *("\n", "\n\n", "\n    ", "\n  ", "\n\n  ", " ", " ", " "),
    *("- ", "\n- ", "\n  - ", "\n1. ", "\n5) ", "\n> ", ">", "\n# ", "\n===\n", "\n---\n"),
    *("*", "**", "_", "~~", "`", "``", "\n```", "\n~~~\n", "\n```py ", "- [ ] ", "- [x]"),
    *("[", "](", ")", "]: ", "\n[", "]", "][", "![", "<", ">", "|", "\n|--|--|\n", "| "),
    *('"', "'", "(", "\\", "&", "&amp;", "https://example.org/", "@", "！", "（", "”", "/", "#", ":"),
])  # fmt: skip
_texts = st.lists(_names | _signs, min_size=1, max_size=40).map("".join)


@settings(max_examples=1500)
@given(_texts)
@example("[w1x]: /w2x (w3x)")
@example("```w1x w2x w3x")
@example("| w1x |\n|---|\n| w2x | w3x |")
@example("[w1x](/w2x 'w3x')")
@example("- " * 50 + "w1x\n\nw2x")
@example("[![w1x](/w2x 'w3x')](/w4x \"w5x\")")
def test_each_word_is_seen_or_is_where_a_link_leads(text):
    html = render(text).html()
    seen = [visible_text(html), *(first or second for first, second in _ATTRIBUTE.findall(html))]
    if "![" in text:  # a picture in a link leads where the link leads, and its own address is no words
        seen += re.findall(r"\](?:\(|: *)(\S+)", text)
    for word in re.findall(r"w\d+x", text):
        assert any(word in each for each in seen), word


_ATTRIBUTE = re.compile(r'href="([^"]*)"|data-language="([^"]*)"')
