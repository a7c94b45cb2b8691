r"""Formulas: `$…$` and `\(…\)` in a line, `$$…$$` and `\[…\]` as blocks of their own.

As in Pandoc and GitHub, a `$` opens only before and closes only behind something else than a space, and neither
touches a letter or digit outside: "$5 and $6" and "$HOME/$USER" are words. What is no formula stays as it was written.
"""

import re
from collections.abc import MutableMapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from ..formulas import to_mathml

MAX_ALL = 10_000  # characters of all formulas in a text
_INLINE = re.compile(
    # \$ stands for itself. Of three signs in a row, none is one.
    r"(?<![$A-Za-z0-9\\])(?:\$(?![\s$])(?P<inline>(?>[^$\\\n]|\\[^\n])+)(?<!\s)\$|\$\$(?P<block>(?>[^$\\]|\\.)+)\$\$"
    r"|\\\((?P<round>(?>[^$\\\n]|\\[^()\n])+)\\\)|(?<![^\n])\\\[(?P<square>(?>[^$\\]|\\[^\[\]])+)\\\](?![^\n]))"
    r"(?![$A-Za-z0-9])",
    re.DOTALL,
)
SIGN = re.compile(r"\$|\\[(\[]")  # no text without has any
OPENS = re.compile(r"\$\$(?!\$)|\\\[")  # a block
_CODE_INDENT = 4  # columns
_FENCE = re.compile("```|~~~")
_CLOSING = {"$$": "$$", r"\[": r"\]"}


def plugin(md: MarkdownIt) -> None:
    md.inline.ruler.before("escape", "maths", _inline)
    md.block.ruler.before("table", "maths_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]})


def closes(line: str, opening: str, is_first: bool) -> bool | None:
    """Whether a block ends with this line, whose spaces around are left out; None: there is no block after all."""
    closing = _CLOSING[opening]
    at = line.find(closing, len(opening) if is_first else 0)
    # A block of code is more than a formula. And where another formula begins, this one is read no further: a text
    # of beginnings would be read over and over.
    if not line or _FENCE.match(line) or (not is_first and at and OPENS.match(line)):
        return None
    return False if at < 0 else (True if at == len(line) - len(closing) else None)


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    match = _INLINE.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    source, display = match[match.lastgroup or 0], match.lastgroup in ("block", "square")
    html = _converted(state.env, source, display)
    if html is None:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = html
    state.pos = match.end()
    return True


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = _line(state, start)
    opening = OPENS.match(first)
    # In lists and quotes, formulas are parts of paragraphs: see BlockScanner.
    level = state.env["table_level"] if state.parentType == "table" else state.level  # of what it would interrupt
    if not opening or level or state.sCount[start] >= _CODE_INDENT:
        return False
    closing_line = _find_end(state, start, end, opening[0])
    if closing_line is None:
        return False
    if silent:
        return True
    source = state.getLines(start, closing_line + 1, 0, False).strip()
    html = _converted(state.env, source[2:-2], display=True)
    opened = state.push("paragraph_open", "p", 1)
    opened.map = [start, closing_line + 1]
    inline = state.push("inline", "", 0)
    inline.map, inline.children = opened.map, [_html(html)] if html else _as_written(source)
    if html:
        opened.attrs["class"] = "formula"
    state.push("paragraph_close", "p", -1)
    state.line = closing_line + 1
    return True


def _find_end(state: StateBlock, start: int, end: int, opening: str) -> int | None:
    """The line that closes a block."""
    for line in range(start, end):
        is_end = closes(_line(state, line), opening, line == start)
        if is_end is None:
            return None
        if is_end:
            return line
    return None


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()


def _converted(env: MutableMapping[str, Any], source: str, display: bool) -> str | None:
    """Converted once, though markdown-it reads some texts more than once."""
    known = env.setdefault("formulas", {})
    if (source, display) not in known:
        env["formula_characters"] = env.get("formula_characters", 0) + len(source)
        known[source, display] = to_mathml(source, display) if env["formula_characters"] <= MAX_ALL else None
    return known[source, display]


def _html(html: str) -> Token:
    return Token("html_inline", "", 0, content=html)


def _as_written(source: str) -> list[Token]:
    """Lines of text, in which people may be mentioned."""
    tokens: list[Token] = []
    for line in source.split("\n"):
        tokens += [Token("softbreak", "br", 0), Token("text", "", 0, content=line.strip())]
    return tokens[1:]
