"""Citations lead to what was read, and to nothing else."""

import pytest

from bot.context.citations import MAX_ID_DIGITS, cited_ids, link_citations
from bot.context.envelope import without_links
from rooms.models import Room
from rooms.text.markup import render

FILE = "[a\\_b\\] (1).txt](/files/key/a_b%5D%20%281%29.txt)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("As she said [#5].", "As she said [#5](#m5)."),
        ("As she said [#6].", "As she said."),
        ("[#5] and [#7]", "[#5](#m5) and [#7](#m7)"),
        ("both [#5, #6; 7]", "both [#5](#m5) [#7](#m7)"),
        ("[#5](https://evil.example/)", "[#5](#m5)"),
        ("[#6](https://evil.example/)", ""),
        ("`[#6]` and\n```\n[#6]\n```\n", "`[#6]` and\n```\n[#6]\n```\n"),
        ("an item #6 and [6] and [#x]", "an item #6 and [6] and [#x]"),
        ("[#99999999999999999999999]", ""),
        ("so [#99999999999999999900005]", "so"),
        ("[#" + "9" * 5000 + "]", ""),
        ("[#5 and #7] [ #6 ] [#6 und #5]", "[#5](#m5) [#7](#m7) [#5](#m5)"),
        ("[[#5]] and [[#6]](#m6)", "[#5](#m5) and"),
        ("[#6](<https://evil.example/> 'a title')", ""),
        ("As she said ([#6]), and ([#6], [#5](#m6)).", "As she said, and ([#5](#m5))."),
        # Files: of those that were given to the model their names are links, too.
        ("so [#5/1], [#5/2] and [#6/1]", f"so [#5](#m5) {FILE}, [#5](#m5) and"),
        ("[#5/1](https://evil.example/) [#7, 5/1]", f"[#5](#m5) {FILE} [#7](#m7) [#5](#m5) {FILE}"),
        ("`[#5/1]` and [1/2]", None),
        # Other links to messages, and what passes for one.
        ("[6](#m6)", ""),
        ("as [message 6](#m6) says", "as says"),
        ("[5](#m5)", "[#5](#m5)"),
        ("what [Bob said](#m6)", "what Bob said"),
        ("what [Bob said](#m5)", "what [Bob said](#m5)"),
        ("[Bob](/chat/elsewhere/?around=5#m5)", "[Bob](#m5)"),
        ("[Bob](</chat/lobby/#m6>)", "Bob"),
        ("[see #6](#m5) [**#6**](https://evil.example/)", ""),
        ("[**#5**](https://evil.example/)", "[#5](#m5)"),
        # Links to elsewhere.
        ("the [docs](https://x.example/) of [PR #6](https://x.example/6)", None),
        ("[1](https://x.example/) and [6](https://x.example/#m6)", None),
        # Code.
        ("~~~\n[#6]\n~~~\n[#6]", "~~~\n[#6]\n~~~\n"),
        ("````\n```\n[#6]\n````\nso [#6]", "````\n```\n[#6]\n````\nso"),
        ("- ```py\n  [#6]\n  ```\n\n> ~~~\n> [#6]\n> ~~~\n", None),
        ("``` [#6] ``` `` ` [6](#m6) ``", None),
        ("```\n[#6]", None),
        ("a ` [#6]\n\n` b", "a `\n\n` b"),
    ],
)
def test_a_citation_is_a_link_if_it_was_read(text, expected):
    """None: it stays as it is."""
    files = {(5, 1): ("key", "a_b] (1).txt"), (6, 1): ("other", "x")}
    assert link_citations(text, {5, 7}, files=files) == (text if expected is None else expected)


def test_ids_are_as_long_as_those_of_a_database_and_longer_ones_are_no_ids():
    longest = 10**MAX_ID_DIGITS - 1
    assert link_citations(f"[#{longest}]", {longest}) == f"[#{longest}](#m{longest})"
    assert link_citations(f"so [#{longest + 1}]", {longest + 1}) == "so"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("- **bob**: one [#5]\n- **bob**: two [#7]", [5, 7]),
        ("- **bob**: \\[\\#7\\] [#5]", [5]),
        ("[#" + "9" * (MAX_ID_DIGITS + 1) + "] [#" + "9" * 5000 + "]", []),
    ],
)
def test_what_a_text_of_our_own_cites(text, ids):
    assert cited_ids(text) == ids


def test_from_another_room_it_leads_there():
    assert link_citations("[#5]", {5}, Room(name="lobby")) == "[#5](/chat/lobby/#m5)"


@pytest.mark.parametrize(
    "begin", ["[a](", "[#5](", "[#5", "([#5]", "([#5](", "[#5 and", "[see", "[a](b 'c'", "[", "`", "~~~", "> ", "- "]
)
@pytest.mark.parametrize("piece", [" ", "[", "`", "` ``", "#1,", "(", "\n", "> ", "- ", "_", "1"])
def test_brackets_that_never_end_are_read_once(begin, piece):
    """A pattern that tries every way to read them would take minutes, not milliseconds."""
    assert len(link_citations(begin + piece * (32_000 // len(piece)) + "x](#m6)", {5})) < 33_000


def test_the_link_survives_sanitising():
    assert 'href="#m5"' in render(link_citations("so [#5]", {5})).html()


def test_what_a_bot_said_of_files_comes_back_to_it_without_addresses():
    linked = link_citations("so [#5/1], so", {5}, files={(5, 1): ("key", "a_b] (1).txt")})
    assert render(linked).html().count('href="/files/key/a_b%5D%20%281%29.txt"') == 1
    assert without_links(linked) == "so [#5] (a\\_b\\] (1).txt), so"
