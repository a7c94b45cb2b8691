"""What people write becomes safe html, by the same rules for short words and long documents."""

import html as stdlib
import json
import re
from pathlib import Path

import pytest

from rooms.text.highlighting import highlight_code
from rooms.text.markup import render


def html(text: str, people=None) -> str:
    return render(text, highlight_code).html(people)


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


def test_the_preview_in_the_page_is_compared_with_what_this_makes():
    cases = json.loads((Path(__file__).parents[2] / "static/js/tests/rendered.json").read_text())
    assert len(cases) > 10
    for case in cases:
        assert render(case["text"]).marked == case["html"], case["text"]
