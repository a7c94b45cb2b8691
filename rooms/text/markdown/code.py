"""Code blocks: text after the opening fence that is not a language becomes part of the block, or a caption above it."""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_NAME = re.compile(r"\{?\.?([\w+#.-]{1,30})\}?")


def plugin(md: MarkdownIt, is_language: Callable[[str], object]) -> None:
    """Split info strings of fences whose first word is no language. is_language: truthy for the name of one."""

    def rule(state: StateCore) -> None:
        if any(token.type == "fence" and token.info.strip() for token in state.tokens):
            state.tokens = [each for token in state.tokens for each in _split_info_string(token, is_language)]

    md.core.ruler.after("block", "words_of_fences", rule)


def _split_info_string(token: Token, is_language: Callable[[str], object]) -> list[Token]:
    if token.type != "fence" or not (info := unescapeAll(token.info).strip()):
        return [token]
    first, *rest = info.split(maxsplit=1)
    name = _NAME.fullmatch(first)
    if not token.content.strip() or not name or (rest and not is_language(name[1])):
        token.info, token.content = "", f"{info}\n{token.content}"  # the code begins on the line of the fence
        return [token]
    token.info = name[1]
    return [*_caption(rest[0], token.level), token] if rest else [token]


def _caption(text: str, level: int) -> list[Token]:
    """The text after the language, often a file name, as a paragraph above the block."""
    return [
        Token("paragraph_open", "p", 1, level=level, block=True),
        Token("inline", "", 0, content="", children=[Token("text", "", 0, content=text)], level=level + 1),
        Token("paragraph_close", "p", -1, level=level, block=True),
    ]
