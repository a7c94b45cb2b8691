"""Texts that a regular expression may take long for, made of what it looks for itself."""

import re
from collections.abc import Callable, Iterator
from itertools import product
from re import _constants as codes
from re import _parser

MOST_CHARACTERS, MOST_PLACES, MOST_BRANCHES = 10, 20, 4
_CATEGORIES = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_NOT_WORD: ".",
    codes.CATEGORY_NOT_SPACE: "a",
}
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


def hostile_texts(pattern: re.Pattern) -> Iterator[Callable[[int], str]]:
    """Functions that make a text of about so many characters: something repeated, and at its end what fits nothing."""
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    characters = list(dict.fromkeys([*_characters(parsed), " ", "a", "."]))
    characters = [char for char in characters if char.isascii()][:MOST_CHARACTERS] + [
        char for char in characters if not char.isascii()
    ][:3]
    units = ["".join(dict.fromkeys(pair)) for pair in product(characters, characters)]
    for branch, count in product(range(MOST_BRANCHES), (0, 1)):
        text = _example(parsed, count, branch)[:MOST_PLACES]
        beginnings = [text[:at] for at in range(1, len(text) + 1)]
        units += beginnings
        for beginning in dict.fromkeys(beginnings):
            yield from (_made(beginning, unit) for unit in dict.fromkeys([beginning[-1], *characters[:6]]))
    yield from (_made("", unit) for unit in dict.fromkeys(units))


def _made(beginning: str, unit: str) -> Callable[[int], str]:
    return lambda length: beginning + unit * (length // len(unit)) + "\0a"


def _characters(parsed) -> Iterator[str]:
    """Those that the expression tells apart."""
    for code, argument in parsed:
        match code:
            case codes.LITERAL | codes.NOT_LITERAL:
                yield chr(argument)
            case codes.IN:
                yield from (_member(*each) for each in argument if each[0] is not codes.NEGATE)
            case codes.BRANCH:
                for each in argument[1]:
                    yield from _characters(each)
            case codes.SUBPATTERN | codes.ASSERT | codes.ASSERT_NOT:
                yield from _characters(argument[-1])
            case codes.ATOMIC_GROUP:
                yield from _characters(argument)
            case _ if code in _REPEATS:
                yield from _characters(argument[2])


def _member(kind, what) -> str:
    """A character of a set."""
    return _CATEGORIES[what] if kind is codes.CATEGORY else chr(what[0] if kind is codes.RANGE else what)


def _example(parsed, count: int, branch: int) -> str:
    """A text much like one that fits. count: how often what may be left out is there."""
    text = ""
    for code, argument in parsed:
        match code:
            case codes.LITERAL:
                text += chr(argument)
            case codes.NOT_LITERAL | codes.ANY:
                text += "x"
            case codes.IN:
                text += "x" if argument[0][0] is codes.NEGATE else _member(*argument[0])
            case codes.BRANCH:
                text += _example(argument[1][branch % len(argument[1])], count, branch)
            case codes.SUBPATTERN:
                text += _example(argument[-1], count, branch)
            case codes.ATOMIC_GROUP:
                text += _example(argument, count, branch)
            case _ if code in _REPEATS:
                times = min(int(argument[1]), max(int(argument[0]), count))
                text += _example(argument[2], count, branch) * times
    return text
