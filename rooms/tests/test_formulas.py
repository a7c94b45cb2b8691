"""Formulas become MathML; money, paths and what is no LaTeX stay as they were written."""

import re

import pytest

from rooms.text import formulas
from rooms.text.formulas import to_mathml
from rooms.text.markdown import maths
from rooms.text.markup import render, visible_text


def html(text: str) -> str:
    return render(text).marked


def mathml(latex: str) -> str:
    return re.sub(r"</?(?:math|mrow)[^>]*>", "", to_mathml(latex, False) or "as written")


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $6", "$ x $", "US$5, NZ$6$", "$HOME/$USER", "a$x$b", "$$$", "$$$ x $$$", "$$", "$",
        "$$ $$", "$a\nb$", r"$\nothing$", r"$\frac{a$", "$a}$", "$a^$", r"\$x\$", "$me@bob$", r"$a %b$", "f\\(x\\)",
    ],
)  # fmt: skip
def test_these_are_words(text):
    assert "<math" not in html(text)
    assert visible_text(html(text)).strip() == text.replace("\\(", "(").replace("\\)", ")").replace(r"\$", "$")


@pytest.mark.parametrize("text", ["`$x$`", "```\n$x$\n```", "    $x$", "```\n$$\nx\n$$\n```"])
def test_code_has_no_formulas(text):
    assert "<math" not in html(text)


@pytest.mark.parametrize(
    "text",
    ["$x$", "so: $x$.", "($x$)", "設$x$是", r"\(x\)", "*$x$*", "[$x$](https://a.b)", "- $x$", "> $x$", "# $x$",
     "|a|\n|-|\n|$x$|"],
)  # fmt: skip
def test_a_formula_in_a_line(text):
    assert '<math display="inline" alttext="x"><mrow><mi>x</mi></mrow></math>' in html(text)


@pytest.mark.parametrize("text", ["$$x$$", "$$\nx\n$$", "\\[\nx\n\\]", "\\[ x \\]", "words\n$$\nx\n$$\nwords"])
def test_a_formula_of_its_own(text):
    assert '<p class="formula"><math display="block" alttext="x">' in html(text)


@pytest.mark.parametrize("text", ["a $$x$$ b", "- a\n  $$\n  x\n  $$", "> $$\n> x\n> $$", "1. a\n   \\[\n   x\n   \\]"])
def test_a_formula_of_its_own_within_something_else(text):
    assert '<math display="block" alttext="x">' in html(text)


def test_its_lines_are_not_markdown():
    shown = html("$$\na\n= b\n+ c\n- d\n=\n# e\n$$")
    assert "<ul" not in shown and "<h1" not in shown and shown.count("<math") == 1


def test_one_that_is_not_closed_is_text():
    assert html("$$\nx") == "<p>$$<br>\nx</p>\n"
    assert "<math" not in html("$$\nx\n\ny\n$$")


def test_one_that_is_no_latex_is_shown_as_it_was_written_and_calls_people():
    rendered = render("$$\n*a* @bob\n$$")
    assert rendered.mentioned == ("bob",)
    assert visible_text(rendered.marked) == "$$\n*a* @bob\n$$\n"


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        ("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        (r"\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
        (r"\mathbb{R}", "<mi>ℝ</mi>"),
        (r"\text{if <b>}", "<mtext>if\u00a0&lt;b&gt;</mtext>"),
        (r"10\%", "<mn>10</mn><mi>%</mi>"),
    ],
)
def test_latex(latex, shown):
    assert mathml(latex) == shown


@pytest.mark.parametrize("name", ["aligned", "align*", "split", "cases", "pmatrix", "gathered"])
def test_environments(name):
    assert mathml(rf"\begin{{{name}}}a&=b\\c&=d\end{{{name}}}").count("<mtr>") == 2
    assert "align-right" in mathml(r"\begin{aligned}a&=b\end{aligned}")


@pytest.mark.parametrize(
    "latex",
    [r"\newcommand{\x}{\x\x}\x", r"\def\a{\a}\a", r"\href{javascript:alert(1)}{x}", r"\color{red}{x}", r"\hspace{99em}",
     r"\style{position:fixed}{x}", r"\phantom{secret}", r"\begin{tikzpicture}\end{tikzpicture}", r"\left( x", "", " "],
)  # fmt: skip
def test_what_is_never_a_formula(latex):
    assert to_mathml(latex, True) is None


@pytest.mark.parametrize(
    "sign", ["{", "x^{", r"\sqrt{", r"\left(", r"\frac{a}{", r"\begin{matrix}", r"\sqrt", "^", r"\hat"]
)
def test_nothing_is_too_deep(sign):
    to_mathml(sign * (formulas.MAX_LENGTH // len(sign)), True)
    closing = {"{": "}", "(": r"\right)"}.get(sign[-1], "")
    to_mathml(sign * 60 + "x" + closing * 60, True)


def test_lengths():
    assert to_mathml("x" * formulas.MAX_LENGTH, False)
    assert to_mathml("x" * (formulas.MAX_LENGTH + 1), False) is None
    count = maths.MAX_ALL // 900
    text = "\n\n".join(f"$${number}{'x' * 899}$$"[:904] for number in range(count + 3))
    assert 0 < html(text).count("<math") <= count + 1
