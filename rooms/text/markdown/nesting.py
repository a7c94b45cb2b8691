"""Nested lists and quotes: what is nested deeper than MAX_DEPTH is shown as plain lines.

markdown-it drops what is nested deeper than its own limit, and in a list everything after it as well.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

MAX_DEPTH = 30  # levels: a list takes two, a quote one


def plugin(md: MarkdownIt) -> None:
    md.options["maxNesting"] = MAX_DEPTH + 4  # never reached by blocks
    md.block.ruler.before("table", "too_deep", _too_deep)


def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Push the rest of a list item or quote as it was written."""
    if silent or state.level < MAX_DEPTH:
        return False
    line = start + 1
    while line < end and not 0 <= state.sCount[line] < state.blkIndent:
        line += 1
    state.line = line
    text = state.getLines(start, line, state.blkIndent, False).strip()
    state.push("paragraph_open", "p", 1)
    # It has children but no content, so nothing in it is parsed.
    state.push("inline", "", 0).children = _lines(text)
    state.push("paragraph_close", "p", -1)
    return True


def _lines(text: str) -> list[Token]:
    tokens: list[Token] = []
    for line in text.split("\n"):
        tokens += [Token("softbreak", "br", 0), Token("text", "", 0, content=line)]
    return tokens[1:]
