"""Citations lead to what was read, and to nothing else."""

import pytest

from bot.citations import checked
from rooms.markup import Document
from rooms.models import Room


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
    ],
)
def test_a_citation_is_a_link_if_it_was_read(text, expected):
    assert checked(text, {5, 7}) == expected


def test_from_another_room_it_leads_there():
    assert checked("[#5]", {5}, Room(name="lobby")) == "[#5](/chat/lobby/#m5)"


def test_the_link_survives_sanitising():
    assert 'href="#m5"' in Document(checked("so [#5]", {5})).html()
