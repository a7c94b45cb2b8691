"""Thoughts that come within the text are told from the answer, however the text is cut."""

import random

import pytest

from bot.llm.thoughts import ThoughtFilter

CASES = [
    ("<think>Hm, 2 < 3.</think>\n\nIt is four.", "It is four.", "Hm, 2 < 3."),
    ("\n<think>\nA\n</think>\n<think>B</think>Yes.", "Yes.", "\nA\nB"),
    ("<thinking>A</thinking>Yes.", "Yes.", "A"),
    ("[THINK]A[/THINK]Yes.", "Yes.", "A"),
    ("◁think▷A◁/think▷Yes.", "Yes.", "A"),
    ("Let me see. 1 + 1\n</think>\n\nIt is two.", "It is two.", "Let me see. 1 + 1\n"),
    (
        "<|channel|>analysis<|message|>They ask.<|end|>"
        "<|start|>assistant<|channel|>final<|message|>It is two.<|return|>",
        "It is two.",
        "They ask.",
    ),
    ("<|channel|>commentary to=functions.x <|message|>{}<|call|>", "", "{}"),
    ("analysis without marks", "analysis without marks", ""),
    ("Write `</think>` to end it.", "Write `</think>` to end it.", ""),
    ("```html\n</think>\n```\n", "```html\n</think>\n```\n", ""),
    ("Use <think> in the text, a < b and </thin> too <|", "Use <think> in the text, a < b and </thin> too <|", ""),
    ("<p>Hello</p> <", "<p>Hello</p> <", ""),
    ("<think>never ended", "", "never ended"),
    ("", "", ""),
]


def read(pieces):
    told, text, thought = ThoughtFilter(), "", ""
    for piece in [*map(told.feed, pieces), told.flush()]:
        if piece.retracted:
            text = ""
        text += piece.text
        thought += piece.thought
    return text, thought


@pytest.mark.parametrize(("whole", "text", "thought"), CASES)
def test_thoughts_are_told_from_text(whole, text, thought):
    assert read([whole])[0] == text
    if "</think>\n\nIt" not in whole:
        assert read([whole])[1] == thought
    assert read(list(whole))[0] == text


@pytest.mark.parametrize("seed", range(20))
def test_it_does_not_matter_where_the_text_is_cut(seed):
    chance = random.Random(seed)
    for whole, text, _thought in CASES:
        places = sorted(chance.sample(range(len(whole) + 1), min(len(whole), chance.randint(0, 8))))
        pieces = [whole[a:b] for a, b in zip([0, *places], [*places, len(whole)], strict=True)]
        assert read(pieces)[0] == text, pieces


def test_an_ordinary_text_comes_at_once():
    told = ThoughtFilter()
    assert [told.feed(piece).text for piece in ("Hello", " there", ", a < b", " ok")] == [
        "Hello", " there", ", a < b", " ok",
    ]  # fmt: skip
