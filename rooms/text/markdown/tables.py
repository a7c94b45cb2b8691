"""Tables: columns are aligned by classes, and rows longer than the heading keep all of their cells.

markdown-it fills rows that are shorter than the heading with empty cells, up to 65,536, for which 2,000 characters
are enough. Here, text whose table would be mostly empty is not a table.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit, getLine, table
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_DELIMITERS = re.compile(r"[-:|][-:|\s]+")  # the line below a heading
_LONG_CELL = 24  # characters; what is shorter stays on one line
_MAX_EMPTY_CELLS = 500  # cells a table may lack, in addition to one for each of its characters
_ALIGNED = {f"text-align:{side}": f"align-{side}" for side in ("left", "center", "right")}


def plugin(md: MarkdownIt) -> None:
    md.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    md.core.ruler.push("cell_lengths", _mark_long_cells)


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = len(state.tokens)
    state.env["table_level"] = state.level
    if _is_mostly_empty(state, start, end) or not table(state, start, end, silent):
        return False
    tokens = state.tokens[first:]
    for token in tokens:
        # A class, because messages may not contain styles.
        if style := token.attrs.pop("style", None):
            token.attrs["class"] = _ALIGNED[str(style)]
    state.tokens[first:] = _add_surplus_cells(state, tokens, start)
    return True


def _mark_long_cells(state: StateCore) -> None:
    """Cells of a few words keep them on one line; a number and its unit, or a date, are not to be torn apart."""
    for token, inline in pairwise(state.tokens):
        if token.type == "table_open":
            token.attrs["class"] = "sized"  # tables of messages that are older know no long cells
        elif token.type in ("td_open", "th_open") and _length_of(inline) > _LONG_CELL:
            token.attrJoin("class", "long")


def _length_of(inline: Token) -> int:
    """Characters of the words in a cell."""
    return sum(len(child.content) for child in inline.children or () if child.type in ("text", "code_inline"))


def _is_mostly_empty(state: StateBlock, start: int, end: int) -> bool:
    heading = getLine(state, start)
    if "|" not in heading or start + 2 > end or not _DELIMITERS.fullmatch(getLine(state, start + 1).strip()):
        return False
    columns, lacking = heading.count("|") + 1, 0
    for line in range(start + 2, end):
        if state.isEmpty(line):
            return False
        row = getLine(state, line)
        lacking += columns - row.count("|") - len(row)
        if lacking > _MAX_EMPTY_CELLS:  # stop here: the same lines may be read again, below another heading
            return True
    return False


def _add_surplus_cells(state: StateBlock, tokens: list[Token], heading: int) -> Iterator[Token]:
    """Yields the same tokens, and in each row also the cells for which the heading has no column."""
    columns, line = sum(token.type == "th_open" for token in tokens), heading
    for token in tokens:
        if token.type == "tr_open":
            line = token.map[0] if token.map else line
        elif token.type == "tr_close" and line > heading:
            for cell in _surplus_cells(mdTrim(getLine(state, line)), columns):
                yield Token("td_open", "td", 1, level=token.level + 1, block=True)
                yield Token("inline", "", 0, content=mdTrim(cell), children=[], level=token.level + 2, block=True)
                yield Token("td_close", "td", -1, level=token.level + 1, block=True)
        yield token


def _surplus_cells(line: str, first: int) -> list[str]:
    """The cells of a row, from number `first` on."""
    if line.count("|") + 1 - line.startswith("|") - line.endswith("|") <= first:
        return []
    cells = escapedSplit(line)
    cells = cells[1:] if cells and not cells[0] else cells
    return (cells[:-1] if cells and not cells[-1] else cells)[first:]
