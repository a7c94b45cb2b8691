"""Blocks that are said to be finished look as they do in the whole text, wherever it is cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ..text.finished_blocks import BlockScanner
from ..text.markup import render

LINES = st.sampled_from(
    ["", "", "words", "more *words*", "**Bold** words", "- item", "- other", "* star", "  - inner",
     "  under it", "1. one", "2. two", "10) ten", "# Title", "---", "***", "===", "> said", "> - quoted",
     "```", "```py", "  ```", "   ```", "~~~", "- ```", "1. ~~~", "    code", "\tcode", "| a | b |",
     "|---|--:|", "| 1 | 2 |", "x = `y`", "- [ ] task", "-", "2",
     "$$", "$$", "$$", "x^2", "= 1", "+ 2", "$$y$$", "$$ y", "y $$", "  $$", "- $$", "> $$",
     "\\[", "\\]", "\\[ z \\]", "  \\["]
)  # fmt: skip


def ends_of(text: str, size: int) -> list[int]:
    """Where blocks were said to be finished, in order."""
    scanner, ends = BlockScanner(), [0]
    for at in range(0, len(text), size):
        scanner.feed(text[at : at + size])
        if scanner.end != ends[-1]:
            ends.append(scanner.end)
    return ends


def looks(text: str) -> str:
    # With a word above it: a text that shows nothing, such as an empty code block, would be shown as it was written.
    return render(f"word\n\n{text}").marked.removeprefix("<p>word</p>\n")


@settings(max_examples=600, deadline=None)
@given(st.lists(LINES, max_size=12), st.integers(1, 7))
def test_blocks_that_are_finished_stay_as_they_are(lines, size):
    text = "\n".join(lines) + "\n\nthe end"
    ends = ends_of(text, size)
    parts = [text[begin:end] for begin, end in zip(ends, [*ends[1:], len(text)], strict=True)]
    assert "".join(map(looks, parts)) == looks(text), parts


@settings(max_examples=50, deadline=None)
@given(st.lists(LINES, max_size=12))
def test_the_size_of_the_pieces_changes_nothing_at_the_end(lines):
    text = "\n".join(lines) + "\n\nthe end\n"
    assert ends_of(text, 1)[-1] == ends_of(text, 5)[-1] == ends_of(text, len(text))[-1]


@pytest.mark.parametrize(
    ("text", "finished"),
    [
        ("A paragraph", ""),
        ("A paragraph\n", ""),
        ("A paragraph\n\n", "A paragraph\n\n"),
        ("# Title\n", "# Title\n"),
        ("```py\nx\n\ny\n", ""),
        ("```py\nx\n\ny\n```\n", "```py\nx\n\ny\n```\n"),
        ("- a\n- b\n\n", ""),
        ("- a\n- b\n\n*", ""),
        ("- a\n- b\n\n**", "- a\n- b\n\n"),
        ("1. a\n\n2", ""),
        ("1. a\n\n2024 was", "1. a\n\n"),
        ("1. a\n\nW", "1. a\n\n"),
        ("Text:\n- a\n\n- b\n\nEnd", "Text:\n- a\n\n- b\n\n"),
        ("$$\nx\n= 1\n", ""),
        ("$$\nx\n= 1\n$$\n", "$$\nx\n= 1\n$$\n"),
        ("Text:\n$$x$$\nmore", "Text:\n$$x$$\n"),
        ("$$\nx\n\n", "$$\nx\n\n"),
        ("| a |\n|---|\n| 1 |\n\n", "| a |\n|---|\n| 1 |\n\n"),
    ],
)
def test_a_block_is_finished_as_soon_as_nothing_can_change_it(text, finished):
    assert text[: ends_of(text, 1)[-1]] == finished
