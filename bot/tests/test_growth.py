"""What the bot does with a text grows with its length and no faster."""

import pytest

from bot.answering import builtin
from bot.context import citations
from rooms.tests.constructs import ROWS, repeated
from rooms.tests.growth import SIZES, grows_too_fast

UNITS = [
    "[#1] ", "[#1]", "[#", "[ #1", "[#1, ", "[#1 and ", "([#1]", "([#1] ", "[[#1]]", "[[#1]", "[#1](#m1) ", "[#1](",
    "[#1](<", "[#1](a '", "[a](#m1) ", "[a](#m", "[message 1](#m1)", "[**#1", "(", "(\n", "```\n[#1]\n", "~~~\n",
    "> ```\n", "- - ", "1. ", "`[#1] ", "`` ` ", "`\n\n", "#1", "#1 ; ", "1" * 19, "#" + "1" * 19, " \t", "[#1 ",
    "[# 1]", "[_#1_](x) ",
]  # fmt: skip
PARTS = {
    "citations": lambda text: citations.link_citations(text, {1, 2}),
    "cited ids": citations.cited_ids,
    "built-in skills": lambda text: [pattern.search(text) for pattern, _skill in builtin._SKILLS],
}


@pytest.mark.parametrize("part", PARTS)
def test_nothing_costs_more_than_the_length_of_a_text(part, tried):
    made = [make for name, make in ROWS if name in ("citation", "link", "fence", "backticks", "script", "mixed")]
    made += [repeated(unit) for unit in UNITS] + [
        repeated(unit, before) for before in ("[", "(", "`") for unit in UNITS
    ]
    slow = [grows_too_fast(PARTS[part], make) for make in made]
    assert not any(slow), [row for row in slow if row]
    tried(f"texts of “{part}”", len(SIZES) * len(slow))
