"""The server's own emoji in texts: `:name:`, marked while a text is parsed, and replaced once the names are known."""

import re
from collections.abc import Mapping
from itertools import count

from ..kernel.unicode_classes import EMOJI_NAME

NAME = EMOJI_NAME.pattern[1:-1]
# Not in words, times and paths.
_WRITTEN = re.compile(rf"(?<![\w/]):({NAME}):(?![\w/])")
_MARK = '<span class="emoji-name">:{}:</span>'
_MARKED = re.compile(_MARK.format(f"({NAME})"))
_IMAGE = '<img class="own-emoji" src="{address}" alt=":{name}:" title=":{name}:">'
_IMAGES_ALONE = re.compile(r'<p>((?:<img class="own-emoji" [^>]*> ?){1,27})</p>\n')
MAX_NAMES = 100  # different ones in a text
MAX_PICTURES = 200  # in a text: the HTML of one is twenty times as long as its name


def split(text: str) -> list[str]:
    """The words and the names in turn: [words, name, words, …, words]."""
    parts, at = [], 0
    for match in _WRITTEN.finditer(text):
        parts += [text[at : match.start()], match[1]]
        at = match.end()
    return [*parts, text[at:]]


def mark(name: str) -> str:
    """HTML of a name, which no message can forge: its own quotes and angle brackets are escaped."""
    return _MARK.format(name)


def names_in(marked: str) -> set[str]:
    """The names that safe HTML marks."""
    return set(list(dict.fromkeys(_MARKED.findall(marked)))[:MAX_NAMES]) if 'class="emoji-name"' in marked else set()


def show(marked: str, addresses: Mapping[str, str]) -> str:
    """Safe HTML with pictures in place of the marks. addresses: name → address; other names become words.

    Beyond MAX_PICTURES, names become words, too.
    """
    if 'class="emoji-name"' not in marked:
        return marked

    left = count(MAX_PICTURES, -1)

    def picture(match: re.Match[str]) -> str:
        address = addresses.get(match[1])
        address = address if address and next(left) > 0 else None
        return _IMAGE.format(name=match[1], address=address) if address else f":{match[1]}:"

    html = _MARKED.sub(picture, marked)
    alone = _IMAGES_ALONE.fullmatch(html)
    return f'<p class="emoji">{alone[1]}</p>\n' if alone else html
