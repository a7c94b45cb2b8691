"""Markdown to safe HTML: markdown-it-py parses, nh3 removes everything that is not listed here.

The same for people and bots. Raw HTML in the source is shown as text, remote images become links, and links have
rel="noopener nofollow ugc".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from html import escape, unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from ..kernel.unicode_classes import EMOJI, EMPTY
from . import own_emoji
from .formulas import TAGS as MATHML
from .highlighting import find_language
from .markdown import code as markdown_code
from .markdown import definitions, emphasis, lists, maths, nesting, tables
from .markdown import links as markdown_links
from .markdown.links import image_words
from .mention_syntax import MARK, SIGN, mark, mentions_in

MAX_HIGHLIGHTED = 20_000  # characters of one code block; longer ones stay plain


@dataclass(frozen=True, slots=True)
class Rendered:
    """A parsed message: the names that it mentions, and safe HTML before these names are looked up."""

    mentioned: tuple[str, ...]  # lower-case names addressed with @name: not in code, a quote, or inside a word
    marked: str  # safe HTML in which each @name is marked, whether or not somebody has that name

    @property
    def emoji_names(self) -> set[str]:
        """What may be names of the server's own emoji."""
        return own_emoji.names_in(self.marked)

    def html(self, people: Mapping[str, int | str] | None = None, emoji: Mapping[str, str] | None = None) -> str:
        """Safe HTML. people: lower-case name → user id, or what it calls many by; emoji: name → address. Other names
        become plain words."""

        def person(match: re.Match) -> str:
            user_id = people.get(match[1][1:].lower()) if people else None
            return match[1] if user_id is None else mark(match[1], user_id)

        return own_emoji.show(MARK.sub(person, self.marked), emoji or {})


def render(text: str, highlight: Callable[[str, str], str | None] | None = None) -> Rendered:
    """Parse Markdown: the expensive part, without database access. Call it through rendering.py.

    highlight(code, language): HTML of highlighted code, or None for plain code. language: in highlighting.LANGUAGES.
    """
    if len(text) <= _MAX_EMOJI_TEXT and _ONLY_EMOJI.fullmatch(text):
        return Rendered((), f'<p class="emoji">{text}</p>\n')
    if _PLAIN.fullmatch(text):  # most messages are plain words without Markdown
        return Rendered((), f"<p>{escape(text, quote=False)}</p>\n")
    tokens = (_markdown if maths.SIGN.search(text) else _without_formulas).parse(text)
    mentioned = _mark_mentions(tokens) if SIGN.search(text) else ()
    if text.count(":") > 1:
        _mark_own_emoji(tokens)
    highlighting = {**_markdown.options, "highlight": partial(_render_code, highlight)}
    options = OptionsDict(highlighting)  # type: ignore[arg-type]  # it wants each option written out
    marked = _cleaner.clean(_markdown.renderer.render(tokens, options, {}))
    return Rendered(mentioned, marked) if _is_visible(marked) else render_plain(text)


def render_plain(text: str) -> Rendered:
    """The text without Markdown but with its mentions. Cheap for any text."""
    lines, mentioned, fenced = [], [], False
    for line in text.split("\n"):
        fence = line.lstrip().startswith(("```", "~~~"))
        fenced ^= fence
        words, at = [], 0
        for match in mentions_in(line) if not fenced and not fence and not line.lstrip().startswith(">") else ():
            mentioned.append(match[1].lower())
            words += [escape(line[at : match.start()], quote=False), mark(match[0])]
            at = match.end()
        lines.append("".join([*words, escape(line[at:], quote=False)]))
    return Rendered(tuple(dict.fromkeys(mentioned)), "<p>" + "<br>\n".join(lines) + "</p>\n")


def visible_text(html: str) -> str:
    """The text of safe HTML, without tags."""
    return unescape(_TAG.sub("", _PICTURE.sub(r"\1", html)))


def _is_visible(html: str) -> bool:
    """Whether the HTML shows anything. (A heading without words does not, for example.)"""
    return bool(_VISIBLE.search(html)) or not EMPTY.fullmatch(visible_text(html))


_MAX_EMOJI_TEXT = 200  # characters of a few emoji, which are shown larger
# Atomic: a skin tone is an emoji by itself, too, and there would be many ways to read a row of them.
_ONLY_EMOJI = re.compile(f"(?:(?>{EMOJI.pattern}) ?){{1,27}}+")
_PICTURE = re.compile('<img class="own-emoji" [^>]*alt="([^"]*)"[^>]*>')
_VISIBLE = re.compile("<(?:hr|li|input)[ >]")
_TAG = re.compile(r"""<(?:[^"'<>]|"[^"]*"|'[^']*')*>""")
# One line of letters, digits and punctuation that cannot be Markdown, a link, a mention or HTML.
_PLAIN = re.compile(r"(?![0-9]+[.)](?: |$))[^\W_](?:[^\W_]|[ .,;?!'\"()%=/+-](?! {2}))*(?<! )")


def _text_tokens(inline: Token) -> list[Token]:
    """The text tokens of a paragraph that are neither code nor in a link."""
    parts, links = [], 0
    for child in inline.children or ():
        links += (child.type == "link_open") - (child.type == "link_close")
        if child.type == "text" and not links:
            parts.append(child)
    return parts


def _mark_mentions(tokens: list[Token]) -> tuple[str, ...]:
    """Mark each @name that is neither code nor in a link; returns those outside quotes, lower-case."""
    mentioned: list[str] = []
    quoted = 0
    for token in tokens:
        quoted += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        if token.type == "inline":
            texts = {id(text) for text in _text_tokens(token)}  # two tokens with the same content are equal
            pieces = []
            for child in token.children or ():
                names, marked = _split_mentions(child) if id(child) in texts else ((), [child])
                mentioned += () if quoted else names
                pieces += marked
            token.children = pieces
    return tuple(dict.fromkeys(mentioned))


def _mark_own_emoji(tokens: list[Token]) -> None:
    for token in tokens:
        texts = {id(text) for text in _text_tokens(token)} if ":" in token.content else ()
        if texts:
            pieces = [_split_emoji(child) if id(child) in texts else [child] for child in token.children or ()]
            token.children = [piece for each in pieces for piece in each]


def _split_emoji(text: Token) -> list[Token]:
    parts = own_emoji.split(text.content)
    if len(parts) == 1:
        return [text]
    # Raw HTML, as for mentions.
    return [
        Token("html_inline", "", 0, content=own_emoji.mark(part)) if at % 2 else Token("text", "", 0, content=part)
        for at, part in enumerate(parts)
    ]


def _split_mentions(text: Token) -> tuple[list[str], list[Token]]:
    names, pieces, at = [], [], 0
    for match in mentions_in(text.content):
        names.append(match[1].lower())
        pieces.append(Token("text", "", 0, content=text.content[at : match.start()]))
        # Raw HTML, but the name is only letters and digits, and the cleaner checks it again.
        pieces.append(Token("html_inline", "", 0, content=mark(match[0])))
        at = match.end()
    return names, [*pieces, Token("text", "", 0, content=text.content[at:])] if names else [text]


def _render_code(highlight: Callable[[str, str], str | None] | None, code: str, name: str, _attributes) -> str:
    name = re.sub(r"[^\w+#.-]", "", name)[:30]
    language = find_language(name)
    body = highlight(code, language) if highlight and language and len(code) <= MAX_HIGHLIGHTED else None
    body = body or escape(code, quote=False)
    # markdown-it adds nothing to a block that begins with <pre
    return f'<pre class="code" data-language="{escape(name)}"><code>{body}</code></pre>'


def _image_as_link(self, tokens, index, options, env) -> str:
    """A link instead of a remote image, which would tell its server who reads the message."""
    token = tokens[index]
    return f'<a href="{escape(str(token.attrs.get("src", "")))}">{escape(image_words(token))}</a>'


def _allowed_value(tag: str, name: str, value: str) -> str | None:
    wanted = _MATHML_VALUES.get((tag, name)) or _ALLOWED_VALUES.get(name)
    return value if wanted is None or wanted.match(value) else None


# Only classes of this file and of pygments: a message cannot imitate parts of the page.
_OUR_CLASSES = re.compile(
    r"(?:mention|code|emoji|emoji-name|task-list-item|task-list-item-checkbox|formula|long|sized"
    r"|align-(?:left|center|right)(?: long)?|digits-[0-9]{1,2}"
    r"|[a-z][a-z0-9]{0,2})\Z"
)
_ALLOWED_VALUES = {
    "class": _OUR_CLASSES,
    "href": markdown_links.ADDRESS,
    "dir": re.compile(r"auto\Z"),
    "value": re.compile(r"[0-9]{1,9}\Z"),
}
_MATHML_VALUES = {(tag, name): re.compile(value) for tag, values in MATHML.items() for name, value in values.items()}


def _make_parser() -> MarkdownIt:
    parser = (
        MarkdownIt("commonmark", {"html": False, "breaks": True, "tasklists": True})
        .enable(["table", "strikethrough"])
        .use(emphasis.plugin)
        .use(markdown_links.plugin)
        .use(nesting.plugin)
        .use(definitions.plugin)
        .use(tables.plugin)
        .use(lists.plugin)
        .use(markdown_code.plugin, find_language)
    )
    parser.add_render_rule("image", _image_as_link)
    return parser


_markdown = _make_parser().use(maths.plugin)
_without_formulas = _make_parser()  # most texts have none, and cost what they would if there were none
_cleaner = nh3.Cleaner(
    tags={
        "p", "br", "hr", "strong", "em", "s", "a", "code", "pre", "blockquote", "ul", "ol", "li", "span", "input",
        "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", *MATHML,
    },
    attributes={
        "*": set(),
        "p": {"class"},
        "a": {"href"},
        "ol": {"class", "dir", "start"},
        "ul": {"dir"},
        "li": {"class", "value"},
        "blockquote": {"dir"},
        "table": {"class", "dir"},
        "th": {"class"},
        "td": {"class"},
        "pre": {"class", "data-language"},
        "span": {"class", "data-user"},
        "input": {"class", "type", "checked", "disabled"},
        **{tag: set(values) for tag, values in MATHML.items()},
    },
    allowed_classes={},
    attribute_filter=_allowed_value,
    set_tag_attribute_values={"input": {"disabled": "", "type": "checkbox"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener nofollow ugc",
)  # fmt: skip
