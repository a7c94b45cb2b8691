"""Links: where a URL in running text ends, which URLs become links, and what is shown for each.

linkify-it follows the habits of English: a URL goes on until a space. Here it also ends at punctuation outside ASCII
(`“https://example.org/x”`, `https://example.org/docs（说明）`), at characters that are invisible or change the text
direction, before ASCII punctuation that seldom ends a URL
(https://github.github.com/gfm/#extended-autolink-path-validation), and at a marker that closes emphasis around it.
Letters of any script belong to it, but the last label of a host name does not change its script.
"""

import re
from html import escape
from unicodedata import category

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from ...kernel.unicode_classes import EMPTY, INVISIBLE, INVISIBLE_AND_USELESS

# A URL with a scheme, or a path or fragment on this server.
ADDRESS = re.compile(r"(?:https?|mailto):|#|/(?![/\\])", re.I)
_SCHEME = re.compile(r"(?<![a-z0-9.+-])(?:https?|mailto)\Z", re.I)
_MAX_SCHEME_LENGTH = len("mailto")
_RUN = re.compile(r"\S*")
_FIRST_WINDOW = 512  # characters in which a URL is looked for first; if it goes on, in all that is left
_URL_START = re.compile(r"(?:https?://|mailto:)[^/?#]", re.I)
_HOST = re.compile(r"(?:https?://|mailto:)(?:[^/?#@]{0,64}@)?(?P<host>[^/?#:]{0,255})(?P<port>:[0-9]{1,5})?", re.I)
# A last label of a host name that begins in ASCII and goes on in another script: there is no such domain.
_LAST_LABEL = re.compile(r"(?P<ascii>[a-z0-9-]+)[^\x00-\x7f].*\Z", re.I)
# A host name of one label: "localhost", or a machine on the local network, whose name may have accents.
_UNSPACED = "\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
_ONLY_LABEL = re.compile(rf"(?P<ascii>[a-z0-9-]+)[{_UNSPACED}\U00020000-\U0003ffff].*\Z", re.I)
_MIDDLE_DOTS = "·・･"  # join parts of a name, as in スティーブ・ジョブズ
_SEPARATORS = ("P", "Sc", "Sk", "Sm")  # categories of punctuation and symbols; emoji (So) may be part of a URL
_TRAILING_PUNCTUATION = "?!.,:;*_~'\"([{"
_MAX_DELIMITERS = 64  # delimiters of emphasis that are looked at before a URL
_ENCODED = re.compile(r"(?:%[0-9a-f]{2})+", re.I)


def plugin(md: MarkdownIt) -> None:
    md.inline.ruler.at("linkify", _autolink)
    md.inline.ruler.enable("linkify")
    md.core.ruler.after("inline", "links", _complete_links)
    # This is how markdown-it's manual replaces them.
    md.validateLink = _is_valid_link  # type: ignore[method-assign]
    md.normalizeLinkText = readable  # type: ignore[method-assign,assignment]


def extent(text: str) -> int:
    """How many characters of a text that begins with a scheme and has no spaces may belong to the URL, as far as
    characters outside ASCII decide it."""
    if text.isascii() or not (host := _HOST.match(text)):
        return len(text)
    name, dot, last = host["host"].rpartition(".")
    other = (_LAST_LABEL if dot else _ONLY_LABEL).match(last)
    end = len(text)
    if other:
        end = host.start("host") + len(name) + len(dot) + other.end("ascii")
    elif host["port"] and text[host.end() : host.end() + 1] not in "/?#":
        end = host.end()
    hidden = (INVISIBLE.search(text, 0, min(end, host.end())), INVISIBLE_AND_USELESS.search(text, 0, end))
    end = min([end, *(found.start() for found in hidden if found)])
    return next((at for at in range(end) if _is_separator(text, at)), end)


def readable(url: str) -> str:
    """A URL as it is shown: with letters in place of escapes such as %E6%97%A5, and everything else as it was written,
    so that no host name looks like another and no character changes the direction of the text around it."""
    return _ENCODED.sub(_decoded, url)


def _is_valid_link(url: str) -> bool:
    """Whether the HTML sanitiser keeps a link to it. The sanitiser removes URLs that no browser could open
    (`https://1.2.3.4.5/`); text that is not a link stays as it was written."""
    return bool(ADDRESS.match(url)) and "href" in _cleaner.clean(f'<a href="{escape(url)}">')


_cleaner = nh3.Cleaner(tags={"a"}, attributes={"a": {"href"}}, link_rel=None, url_schemes={"http", "https", "mailto"})


def _is_separator(text: str, at: int) -> bool:
    char = text[at]
    if char.isascii() or not category(char).startswith(_SEPARATORS):
        return False
    return not (char in _MIDDLE_DOTS and text[at - 1].isalnum() and text[at + 1 : at + 2].isalnum())


def _decoded(match: re.Match) -> str:
    try:
        text = bytes.fromhex(match[0].replace("%", "")).decode()
    except UnicodeDecodeError:
        return match[0]
    return text if all(not char.isascii() and category(char)[0] in "LMN" for char in text) else match[0]


def _autolink(state: StateInline, silent: bool) -> bool:
    """A URL in running text, found at the colon after its scheme."""
    if state.src[state.pos] != ":" or state.linkLevel > 0:
        return False
    scheme = _SCHEME.search(state.src, max(0, state.pos - _MAX_SCHEME_LENGTH), state.pos)
    if scheme is None or not (silent or state.pending.endswith(scheme[0])):
        return False
    url = _address(state, scheme.start())
    href = state.md.normalizeLink(url) if url else ""
    if not url or not state.md.validateLink(href):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[0])]
        _push_link(state, href, readable(url))
    state.pos = scheme.start() + len(url)
    return True


def _address(state: StateInline, start: int) -> str:
    """The URL that begins there; empty when there is none."""
    if not _URL_START.match(state.src, start, state.posMax):
        return ""
    found, linkify = None, state.md.linkify
    open_markers = [marker for marker in ("*", "~~") if _is_open(state, marker)]
    for longest in (_FIRST_WINDOW, state.posMax - start):
        unspaced = _RUN.match(state.src, start, min(state.posMax, start + longest))
        run = unspaced[0] if unspaced else ""
        for marker in open_markers:
            run = run.partition(marker)[0]
        found = linkify.match_at_start(run[: extent(run)]) if linkify else None
        if not found or found.last_index < longest:
            break
    url = _strip_trailing_punctuation(found.raw) if found else ""
    return url if _URL_START.match(url) else ""


def _strip_trailing_punctuation(url: str) -> str:
    """Without punctuation that belongs to the sentence, and without the "'s" of "https://example.org's"."""
    end = len(url)
    while end and (url[end - 1] in _TRAILING_PUNCTUATION or url.endswith("'s", 0, end)):
        end -= 1 if url[end - 1] in _TRAILING_PUNCTUATION else 2
    return url[:end]


def _is_open(state: StateInline, marker: str) -> bool:
    """Whether emphasis with this marker was opened before and not closed."""
    opened = 0
    for delimiter in state.delimiters[-_MAX_DELIMITERS:]:
        if delimiter.marker == ord(marker[0]):
            opened += -1 if delimiter.close and opened > 0 else 1 if delimiter.open else 0
    return opened > 0


def _push_link(state: StateInline, href: str, text: str) -> None:
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1)


# --- what is shown for a link ---


def _complete_links(state: StateCore) -> None:
    """Show everything that was written about a link: its title, and the URL of a link without text."""
    for token in state.tokens:
        if token.type == "inline" and any(child.type in ("link_open", "image") for child in token.children or ()):
            token.children = _complete_children(token.children or [])


def _complete_children(children: list[Token]) -> list[Token]:
    pieces: list[Token] = []
    begun = None  # index of the token that opens the current link
    for child in children:
        if child.type == "image" and begun is not None:  # a link inside a link would end it
            pieces += [_text(image_words(child)), *_title(child)]
            continue
        pieces.append(child)
        if child.type == "link_open":
            begun = len(pieces) - 1
        elif child.type == "link_close" and begun is not None:
            pieces[begun:] = _complete_link(pieces[begun:])
            begun = None
        elif child.type == "image":
            pieces += _title(child)
    return pieces


def _complete_link(tokens: list[Token]) -> list[Token]:
    opening, *inside, closing = tokens
    href = readable(str(opening.attrs.get("href", "")))
    if not href:  # [words]()
        return [_text("["), *inside, _text("]()")]
    shown = [_text(href)] if EMPTY.fullmatch("".join(token.content for token in inside)) else inside
    return [opening, *shown, closing, *_title(opening)]


def image_words(image: Token) -> str:
    """What is shown for an image: its description, or else its URL."""
    words = "".join("\n" if child.type.endswith("break") else child.content for child in image.children or ())
    src = readable(str(image.attrs.get("src", "")))
    return src or "![]()" if EMPTY.fullmatch(words) else words


def _title(token: Token) -> list[Token]:
    title = str(token.attrs.pop("title", ""))
    return [_text(f" ({title})")] if title else []


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
