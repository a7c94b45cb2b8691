"""Links: where an address in running text ends, which addresses are links at all, and what stands for each.

linkify-it finds addresses by the habits of English: whatever is no space may go on. Here one also ends at punctuation
outside ASCII (`“https://example.org/x”`, `https://example.org/docs（说明）`), at characters that are invisible or turn
the text around, at ASCII punctuation that seldom ends an address
(https://github.github.com/gfm/#extended-autolink-path-validation), and at a sign that closes emphasis around it.
Letters of any script go on, but a host name does not change its script in its last part.
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

# To elsewhere by a scheme, or to a place on this server.
ADDRESS = re.compile(r"(?:https?|mailto):|#|/(?![/\\])", re.I)
_SCHEME = re.compile(r"(?<![a-z0-9.+-])(?:https?|mailto)\Z", re.I)
_LONGEST_SCHEME = len("mailto")
_RUN = re.compile(r"\S*")
_SHORT = 512  # characters in which an address is looked for, and then in all that is left if it goes on
_BEGINNING = re.compile(r"(?:https?://|mailto:)[^/?#]", re.I)
_HOST = re.compile(r"(?:https?://|mailto:)(?:[^/?#@]{0,64}@)?(?P<host>[^/?#:]{0,255})(?P<port>:[0-9]{1,5})?", re.I)
# The last part of a host name that begins in ASCII and goes on in another script: there is no such domain.
_LAST_PART = re.compile(r"(?P<ascii>[a-z0-9-]+)[^\x00-\x7f].*\Z", re.I)
# "localhost", or the name of a machine in the house, which may be written with accents.
_UNSPACED = "\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
_ONLY_PART = re.compile(rf"(?P<ascii>[a-z0-9-]+)[{_UNSPACED}\U00020000-\U0003ffff].*\Z", re.I)
_MIDDLE_DOTS = "·・･"  # join the parts of a name, as in スティーブ・ジョブズ
_SEPARATORS = ("P", "Sc", "Sk", "Sm")  # categories of punctuation and signs; emoji (So) may be a part of an address
_SELDOM_LAST = "?!.,:;*_~'\"([{"
_LOOKED_AT = 64  # delimiters of emphasis before an address
_ENCODED = re.compile(r"(?:%[0-9a-f]{2})+", re.I)


def plugin(md: MarkdownIt) -> None:
    md.inline.ruler.at("linkify", _autolink)
    md.inline.ruler.enable("linkify")
    md.core.ruler.after("inline", "links", _complete)
    # As markdown-it's manual has it.
    md.validateLink = _leads_somewhere  # type: ignore[method-assign]
    md.normalizeLinkText = readable  # type: ignore[method-assign,assignment]


def extent(text: str) -> int:
    """How many characters from the beginning of a text, which is an address's scheme and has no spaces, may belong to
    the address, for all that is not ASCII."""
    if text.isascii() or not (host := _HOST.match(text)):
        return len(text)
    name, dot, last = host["host"].rpartition(".")
    other = (_LAST_PART if dot else _ONLY_PART).match(last)
    end = len(text)
    if other:
        end = host.start("host") + len(name) + len(dot) + other.end("ascii")
    elif host["port"] and text[host.end() : host.end() + 1] not in "/?#":
        end = host.end()
    hidden = (INVISIBLE.search(text, 0, min(end, host.end())), INVISIBLE_AND_USELESS.search(text, 0, end))
    end = min([end, *(found.start() for found in hidden if found)])
    return next((at for at in range(end) if _separates(text, at)), end)


def readable(url: str) -> str:
    """An address as it is shown: letters for what stands in it as %E6%97%A5, all else as it was written, so that no
    name of a host looks like another, and no sign turns the words around it."""
    return _ENCODED.sub(_decoded, url)


def _leads_somewhere(url: str) -> bool:
    """Whether a link to it is left by what cleans the html: that takes away addresses that no browser could open
    (`https://1.2.3.4.5/`). What is no link stays as it was written."""
    return bool(ADDRESS.match(url)) and "href" in _cleaner.clean(f'<a href="{escape(url)}">')


_cleaner = nh3.Cleaner(tags={"a"}, attributes={"a": {"href"}}, link_rel=None, url_schemes={"http", "https", "mailto"})


def _separates(text: str, at: int) -> bool:
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
    """An address in running text, at the colon behind its scheme."""
    if state.src[state.pos] != ":" or state.linkLevel > 0:
        return False
    scheme = _SCHEME.search(state.src, max(0, state.pos - _LONGEST_SCHEME), state.pos)
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
    """The address that begins there; empty when there is none."""
    if not _BEGINNING.match(state.src, start, state.posMax):
        return ""
    found, linkify = None, state.md.linkify
    open_markers = [marker for marker in ("*", "~~") if _is_open(state, marker)]
    for longest in (_SHORT, state.posMax - start):
        unspaced = _RUN.match(state.src, start, min(state.posMax, start + longest))
        run = unspaced[0] if unspaced else ""
        for marker in open_markers:
            run = run.partition(marker)[0]
        found = linkify.match_at_start(run[: extent(run)]) if linkify else None
        if not found or found.last_index < longest:
            break
    url = _without_end(found.raw) if found else ""
    return url if _BEGINNING.match(url) else ""


def _without_end(url: str) -> str:
    """Without punctuation that belongs to the sentence, and the ending of "https://example.org's"."""
    end = len(url)
    while end and (url[end - 1] in _SELDOM_LAST or url.endswith("'s", 0, end)):
        end -= 1 if url[end - 1] in _SELDOM_LAST else 2
    return url[:end]


def _is_open(state: StateInline, marker: str) -> bool:
    """Whether emphasis by this sign has begun before, and not ended."""
    opened = 0
    for delimiter in state.delimiters[-_LOOKED_AT:]:
        if delimiter.marker == ord(marker[0]):
            opened += -1 if delimiter.close and opened > 0 else 1 if delimiter.open else 0
    return opened > 0


def _push_link(state: StateInline, href: str, text: str) -> None:
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1)


# --- what stands for a link ---


def _complete(state: StateCore) -> None:
    """Nothing that was written about a link stays unseen: its title, and the address of one without words."""
    for token in state.tokens:
        if token.type == "inline" and any(child.type in ("link_open", "image") for child in token.children or ()):
            token.children = _completed(token.children or [])


def _completed(children: list[Token]) -> list[Token]:
    pieces: list[Token] = []
    begun = None  # where the link that is open begins among the pieces
    for child in children:
        if child.type == "image" and begun is not None:  # a link in a link would end it
            pieces += [_text(image_words(child)), *_title(child)]
            continue
        pieces.append(child)
        if child.type == "link_open":
            begun = len(pieces) - 1
        elif child.type == "link_close" and begun is not None:
            pieces[begun:] = _whole_link(pieces[begun:])
            begun = None
        elif child.type == "image":
            pieces += _title(child)
    return pieces


def _whole_link(tokens: list[Token]) -> list[Token]:
    opening, *inside, closing = tokens
    href = readable(str(opening.attrs.get("href", "")))
    if not href:  # [words]()
        return [_text("["), *inside, _text("]()")]
    shown = [_text(href)] if EMPTY.fullmatch("".join(token.content for token in inside)) else inside
    return [opening, *shown, closing, *_title(opening)]


def image_words(image: Token) -> str:
    """What stands for a picture: the words that describe it, or else its address."""
    words = "".join("\n" if child.type.endswith("break") else child.content for child in image.children or ())
    src = readable(str(image.attrs.get("src", "")))
    return src or "![]()" if EMPTY.fullmatch(words) else words


def _title(token: Token) -> list[Token]:
    title = str(token.attrs.pop("title", ""))
    return [_text(f" ({title})")] if title else []


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
