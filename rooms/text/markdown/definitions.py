"""Link reference definitions (`[1]: https://example.org`): one that nothing uses is shown as it was written.

Otherwise a line such as `[Bob]: /shrug` would disappear from the page.
"""

from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from markdown_it.rules_core import StateCore
from markdown_it.token import Token


def plugin(md: MarkdownIt) -> None:
    md.options["store_labels"] = True  # a link made by a definition knows its label
    md.block.ruler.at("reference", _definition)
    md.core.ruler.after("inline", "unused_definitions", _show_unused)


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a definition, and keep its source in case nothing uses it."""
    known = len(state.env.get("references", ()))
    if not reference(state, start, end, silent):
        return False
    if not silent:
        token = state.push("definition", "", 0)
        token.content = state.getLines(start, state.line, state.blkIndent, False).strip()
        is_first = len(state.env["references"]) > known  # of several with one label, the first counts
        token.meta = {"defines": next(reversed(state.env["references"]))} if is_first else {}
    return True


def _show_unused(state: StateCore) -> None:
    if not any(token.type == "definition" for token in state.tokens):
        return
    used = set(_labels(state.tokens))
    tokens = []
    for token in state.tokens:
        if token.type != "definition":
            tokens.append(token)
        elif token.meta.get("defines") not in used:
            tokens += _paragraph(state.md, token)
    state.tokens = tokens


def _labels(tokens: Iterable[Token]) -> Iterable[str]:
    """The labels of all links and images that refer to a definition."""
    for token in tokens:
        if label := token.meta.get("label"):
            yield normalizeReference(label)
        yield from _labels(token.children or ())


def _paragraph(md: MarkdownIt, definition: Token) -> list[Token]:
    children: list[Token] = []
    inline = Token("inline", "", 0, content=definition.content, children=children, level=definition.level + 1)
    md.inline.parse(definition.content, md, {}, children)
    return [
        Token("paragraph_open", "p", 1, level=definition.level, block=True),
        inline,
        Token("paragraph_close", "p", -1, level=definition.level, block=True),
    ]
