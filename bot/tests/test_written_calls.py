"""A call of a tool that a model writes as its answer is told from an answer, however it is cut and marked."""

import pytest

from bot.llm.written_calls import MAX_HELD, WrittenCallFilter

NAMES = ["search_room", "said_by"]
CALL = '{"name": "search_room", "arguments": {"words": "deploy"}}'
ONE = [("search_room", {"words": "deploy"})]
CASES = [
    (CALL, "", ONE),
    (f"\n <tool_call>\n{CALL}\n</tool_call>", "", ONE),
    (f"```json\n{CALL}\n```", "", ONE),
    (f"[TOOL_CALLS] [{CALL}, {CALL}]", "", ONE * 2),
    ('{"type":"function","name":"said_by","parameters":{"name":"bob"}}', "", [("said_by", {"name": "bob"})]),
    ('{"function": {"name": "said_by", "arguments": "{}"}}', "", [("said_by", "{}")]),
    ('{"name": "said_by"}', "", [("said_by", None)]),
    (f"{CALL}\nIt is on Monday.", "", ONE),  # it makes up what it would find
    ('{"name": "search_room", "arguments": {"words"', '{"name": "search_room", "arguments": {"words"', []),
    ('{"name": "alice"}', '{"name": "alice"}', []),
    ('{"name": ["search_room"]}', '{"name": ["search_room"]}', []),
    ('```json\n{"name": "alice"}\n```', '```json\n{"name": "alice"}\n```', []),
    (f"This searches: {CALL}", f"This searches: {CALL}", []),
    ("  Plain.", "  Plain.", []),
    ("<tool", "<tool", []),
    ("", "", []),
]


@pytest.mark.parametrize(("written", "text", "calls"), CASES)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_call_is_told_from_an_answer(written, text, calls, size):
    tested = WrittenCallFilter(NAMES)
    shown = "".join(tested.feed(written[at : at + size]) for at in range(0, len(written), size))
    rest, found = tested.flush()
    assert (shown + rest, [(call.name, call.arguments) for call in found]) == (text, calls)


def test_an_ordinary_answer_comes_at_once():
    tested = WrittenCallFilter(NAMES)
    assert [tested.feed(piece) for piece in ("It is", ' {"name":', '"search_room"')] == [
        "It is", ' {"name":', '"search_room"',
    ]  # fmt: skip
    assert [WrittenCallFilter([]).feed(CALL)] == [CALL]  # no tool may be called


def test_what_is_held_has_an_end():
    tested = WrittenCallFilter(NAMES)
    begun = '{"name": "search_room", "arguments": {"words": "'
    assert tested.feed(begun) == ""
    assert len(tested.feed("x" * MAX_HELD)) == len(begun) + MAX_HELD


def test_nesting_without_end_is_no_call():
    tested = WrittenCallFilter(NAMES)
    text = '{"name": "search_room", "arguments": ' + "[" * 9000
    assert tested.feed(text) == "" and tested.flush() == (text, [])
