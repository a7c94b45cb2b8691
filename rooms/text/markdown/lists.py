"""Lists keep the numbers that were written, with room for them. Lists, quotes and tables get a text direction."""

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.list import list_block
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_AUTO_DIRECTION = {"bullet_list_open", "ordered_list_open", "blockquote_open", "table_open"}


def plugin(md: MarkdownIt) -> None:
    md.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    md.core.ruler.after("block", "lists", _set_numbers_and_direction)


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    at = state.bMarks[start] + state.tShift[start]
    # No list can show "007.", so such a line stays as it is.
    leads_with_zero = state.src[at : at + 1] == "0" and state.src[at + 1 : at + 2] in set("0123456789")
    return not leads_with_zero and list_block(state, start, end, silent)


def _set_numbers_and_direction(state: StateCore) -> None:
    for items in _ordered_lists(state.tokens):
        _keep_numbers(*items)
    for token in state.tokens:
        if token.type in _AUTO_DIRECTION:
            token.attrs["dir"] = "auto"  # by its first strong character


def _ordered_lists(tokens: list[Token]) -> Iterator[list[Token]]:
    """Yields each list as its opening token followed by those of its items."""
    lists: list[list[Token]] = []
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            lists.append([token])
        elif token.type == "list_item_open":
            lists[-1].append(token)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            ended = lists.pop()
            if token.type == "ordered_list_close":
                yield ended


def _keep_numbers(opening: Token, *items: Token) -> None:
    """Keep the numbers that were written. If all are the same the items are counted, as in CommonMark."""
    written = [int(item.info) for item in items]
    if len(set(written)) == 1:
        last = written[0] + len(items) - 1
    else:
        last = max(written)
        for item, number, before in zip(items[1:], written[1:], written, strict=False):
            if number != before + 1:
                item.attrs["value"] = number
    if (digits := len(str(last))) > 1:
        opening.attrs["class"] = f"digits-{digits}"
