"""Tables: the alignment of a column as a class, and the cells of a row that is longer than the heading.

markdown-it fills rows that are shorter than the heading with empty cells, 65,536 at most: so many come of 2,000
characters. Here a table that is mostly empty is none.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit, getLine, table
from markdown_it.token import Token

_DELIMITERS = re.compile(r"[-:|][-:|\s]+")  # the line below a heading
_EMPTY = 500  # cells that a table may lack, besides one for each of its characters
_ALIGNED = {f"text-align:{side}": f"align-{side}" for side in ("left", "center", "right")}


def plugin(md: MarkdownIt) -> None:
    md.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = len(state.tokens)
    if _is_mostly_empty(state, start, end) or not table(state, start, end, silent):
        return False
    tokens = state.tokens[first:]
    for token in tokens:
        # A class, because no message may bring a style along.
        if style := token.attrs.pop("style", None):
            token.attrs["class"] = _ALIGNED[str(style)]
    state.tokens[first:] = _whole_rows(state, tokens, start)
    return True


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
        if lacking > _EMPTY:  # at once: the same lines may be looked at again, below another heading
            return True
    return False


def _whole_rows(state: StateBlock, tokens: list[Token], heading: int) -> Iterator[Token]:
    """The same tokens, and in each row also the cells for which the heading has no column."""
    columns, line = sum(token.type == "th_open" for token in tokens), heading
    for token in tokens:
        if token.type == "tr_open":
            line = token.map[0] if token.map else line
        elif token.type == "tr_close" and line > heading:
            for cell in _cells(mdTrim(getLine(state, line)), columns):
                yield Token("td_open", "td", 1, level=token.level + 1, block=True)
                yield Token("inline", "", 0, content=mdTrim(cell), children=[], level=token.level + 2, block=True)
                yield Token("td_close", "td", -1, level=token.level + 1, block=True)
        yield token


def _cells(line: str, first: int) -> list[str]:
    """The cells of a row from that one on."""
    if line.count("|") + 1 - line.startswith("|") - line.endswith("|") <= first:
        return []
    cells = escapedSplit(line)
    cells = cells[1:] if cells and not cells[0] else cells
    return (cells[:-1] if cells and not cells[-1] else cells)[first:]
