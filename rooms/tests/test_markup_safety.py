"""No text makes anything that a page could carry out: strings that try, and mixtures of signs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.text.highlighting import highlight_code
from rooms.text.markup import render

from . import xss
from .inert import check_inert

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


def html(text: str, people=None) -> str:
    return render(text, highlight_code).html(people)


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
def test_a_string_that_tries_to_run_something_is_inert(frame):
    """Of a hundred; as tests by themselves, they would take four times as long."""
    for string in xss.STRINGS:
        try:
            check_inert(html(frame.format(string), {"alice": 3}))
        except AssertionError as wrong:
            raise AssertionError(string) from wrong


@given(st.text(alphabet=st.sampled_from(list("<>\"'&;:/\\`*_[]()!#|~=@- \nabjvscript0")), max_size=80))
def test_no_mixture_of_signs_makes_anything_else(text):
    check_inert(html(text, {"a": 1, "script": 2}))


@given(st.lists(st.sampled_from([*"<>\"'&{}^_$a1 \n", *LATEX]), max_size=30).map("".join), st.booleans())
def test_no_formula_makes_anything_else(text, display):
    check_inert(html(f"$${text}$$" if display else f"a ${text}$ b"))
