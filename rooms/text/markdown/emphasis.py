"""Emphasis in Chinese, Japanese and Korean, which put no spaces around emphasised words.

In CommonMark, a `**` after punctuation closes only before a space or punctuation, so `**重点：**请` keeps its
asterisks. This implements the amendment that several parsers share:
https://github.com/tats-u/markdown-cjk-friendly/blob/main/specification.md. Strikethrough follows the same rule.
"""

import re
from functools import lru_cache
from unicodedata import category, east_asian_width

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline.state_inline import Scanned, StateInline

# Hangul that Unicode does not class as wide: the vowels and final consonants of which syllables are composed.
_HANGUL = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]")
# Wide, but not text: characters with Emoji_Presentation. Above the BMP, all wide characters in these ranges.
_EMOJI = re.compile(
    "[\u231a\u231b\u23e9-\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4"
    "\u26c5\u26ce\u26d4\u26ea\u26f2-\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2757\u2795-\u2797"
    "\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\U0001f004\U0001f0cf\U0001f18e\U0001f191-\U0001f19a\U0001f201\U0001f21a"
    "\U0001f22f\U0001f232-\U0001f236\U0001f238-\U0001f23a\U0001f250\U0001f251\U0001f300-\U0001faff]"
)
_VARIATION = re.compile("[\ufe00-\ufe0e]")  # variation selectors, except that of emoji
_IDEOGRAPHIC_VARIATION = re.compile("[\U000e0100-\U000e01ef]")
_QUOTES = "‘’“”"  # as wide as an ideograph when U+FE01 follows


def plugin(md: MarkdownIt) -> None:
    """Decide with `_State` what may open or close emphasis."""
    inline = md.inline

    def parse(src, md, env, tokens):
        state = _State(src, md, env, tokens)
        inline.tokenize(state)
        for rule in inline.ruler2.getRules(""):
            rule(state)
        return state.tokens

    inline.parse = parse  # type: ignore[method-assign]  # the only way to use another state class


class _State(StateInline):
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803 - markdown-it's names
        end = start
        while end < self.posMax and self.src[end] == self.src[start]:
            end += 1
        before, is_before_cjk = self._before(start)
        after = self.src[end] if end < self.posMax else " "
        if isWhiteSpace(ord(before)) or isWhiteSpace(ord(after)):
            return Scanned(not isWhiteSpace(ord(after)), not isWhiteSpace(ord(before)), end - start)
        opens, closes = _is_punctuation(before), _is_punctuation(after)
        if canSplitWord:
            beside_cjk = is_before_cjk or is_cjk(after)
            opens, closes = opens or beside_cjk or not closes, closes or beside_cjk or not opens
        return Scanned(opens, closes, end - start)

    def _before(self, start: int) -> tuple[str, bool]:
        """The character before a run of delimiters, and whether it is Chinese, Japanese or Korean. The start of a line
        counts as a space, and a variation selector belongs to the character before it."""
        before = self.src[start - 1] if start > 0 else " "
        main = self.src[start - 2] if start > 1 else " "
        if _VARIATION.match(before) and not category(main).startswith("Z"):
            return main, is_cjk(main) or (before == "\ufe01" and main in _QUOTES)
        return before, is_cjk(before) or bool(_IDEOGRAPHIC_VARIATION.match(before))


@lru_cache(4096)
def is_cjk(char: str) -> bool:
    """Whether a character belongs to Chinese, Japanese or Korean, punctuation and full-width forms included."""
    if char < "\u1100":
        return False
    return (east_asian_width(char) in "WFH" and not _EMOJI.match(char)) or bool(_HANGUL.match(char))


def _is_punctuation(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)
