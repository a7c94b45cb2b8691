"""Markdown to safe html: markdown-it-py reads, pygments colours, nh3 lets through only what is listed here.

The same path for people and bots. Raw html in the source stays text, remote images become links, and links
carry rel="noopener nofollow ugc".
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from html import escape, unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from . import (
    markdown_code,
    markdown_definitions,
    markdown_emphasis,
    markdown_links,
    markdown_lists,
    markdown_nesting,
    markdown_tables,
)
from .markdown_links import image_words
from .signs import EMPTY

# Letters of scripts that put no space between words, or add endings to a name: 你好@bot, @bot에게.
_CLOSE = (
    "\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u31ff\u3400-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
MENTION = re.compile(
    # Not in the middle of a word, nor after a hyphen at its end. After a slash: see mentions_in.
    rf"(?:(?<![\w\u0300-\u036f@＠-])|(?<=[{_CLOSE}])|(?<=(?<!\w)-))"
    # The whole of the name; what only begins like one is none. Input methods often type the wide sign.
    rf"[@＠](?=\w)((?>[A-Za-z0-9_.-]{{0,31}}[A-Za-z0-9_]))(?![^\W{_CLOSE}]|[\u0300-\u036f@＠])"
)
_MENTION_SIGN = re.compile("[@＠]")
_LOCAL = re.compile(rf"(?:[{_CLOSE}]|\w\.)\Z")  # how the part of an e-mail address before the @ may end
MAX_HIGHLIGHTED = 20_000  # characters of one code block; longer ones stay plain


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message's source, read once: whom it names, and its safe html before it is known who they are."""

    mentioned: tuple[str, ...]  # lower-case names addressed with @name: not in code, a quote, or inside a word
    marked: str  # safe html in which each @name of the text is marked, whoever has that name

    def html(self, people: Mapping[str, int] | None = None) -> str:
        """Safe html. people: lower-case name → id of those whose mention stays marked; other names are just words."""

        def mark(match: re.Match) -> str:
            user_id = people.get(match[1][1:].lower()) if people else None
            return match[1] if user_id is None else _mark(match[1], user_id)

        return _MARK.sub(mark, self.marked)


def render(text: str) -> Rendered:
    """Read Markdown. This is the expensive part, and needs no database: to be done before anything is locked."""
    if _PLAIN.fullmatch(text):  # most messages are plain words: nothing in them means anything to Markdown
        return Rendered((), f"<p>{escape(text, quote=False)}</p>\n")
    tokens = _markdown.parse(text)
    mentioned = _mark_mentions(tokens) if _MENTION_SIGN.search(text) else ()
    marked = _cleaner.clean(_markdown.renderer.render(tokens, _markdown.options, {}))
    return Rendered(mentioned, marked) if _shows(marked) else plain(text)


def plain(text: str) -> Rendered:
    """The text as it stands, without Markdown but with its mentions. Cheap, whatever it is."""
    lines, mentioned, fenced = [], [], False
    for line in text.split("\n"):
        fence = line.lstrip().startswith(("```", "~~~"))
        fenced ^= fence
        words, at = [], 0
        for match in mentions_in(line) if not fenced and not fence and not line.lstrip().startswith(">") else ():
            mentioned.append(match[1].lower())
            words += [escape(line[at : match.start()], quote=False), _mark(match[0])]
            at = match.end()
        lines.append("".join([*words, escape(line[at:], quote=False)]))
    return Rendered(tuple(dict.fromkeys(mentioned)), "<p>" + "<br>\n".join(lines) + "</p>\n")


def mentions_in(text: str) -> Iterator[re.Match]:
    """Each @name in plain words; the name is group 1. Neither e-mail addresses nor parts of paths."""
    end = -1
    for match in MENTION.finditer(text):
        at = match.start()
        if text[at - 1 : at] == "/" and at - 1 != end:  # example.org/@name, but: @name/@name
            continue
        if "." in match[1] and _LOCAL.search(text, max(0, at - 2), at):  # 用户@example.org
            continue
        end = match.end()
        yield match


def words_of(html: str) -> str:
    """What is read in safe html, without its tags."""
    return unescape(_TAG.sub("", html))


def _shows(html: str) -> bool:
    """Whether a person sees anything of it. Of a heading without words, for example, nobody does."""
    return bool(_VISIBLE.search(html)) or not EMPTY.fullmatch(words_of(html))


_VISIBLE = re.compile("<(?:hr|li|input)[ >]")
_TAG = re.compile(r"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
# Letters, digits and signs that can neither begin nor be Markdown, a link, a mention or html, on one line.
_PLAIN = re.compile(r"(?![0-9]+[.)](?: |$))[^\W_](?:[^\W_]|[ .,;?!'\"()%=/+-](?! {2}))*(?<! )")


def _texts(inline: Token) -> list[Token]:
    """The text parts of a paragraph that are neither code nor in a link."""
    parts, links = [], 0
    for child in inline.children or ():
        links += (child.type == "link_open") - (child.type == "link_close")
        if child.type == "text" and not links:
            parts.append(child)
    return parts


def _mark_mentions(tokens: list[Token]) -> tuple[str, ...]:
    """Mark each @name that is neither code nor in a link; returns those outside quotes, lower-case."""
    mentioned, quoted = [], 0
    for token in tokens:
        quoted += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        if token.type == "inline":
            texts = {id(text) for text in _texts(token)}  # two tokens with the same content are equal
            pieces = []
            for child in token.children or ():
                names, marked = _with_mentions(child) if id(child) in texts else ((), [child])
                mentioned += () if quoted else names
                pieces += marked
            token.children = pieces
    return tuple(dict.fromkeys(mentioned))


def _with_mentions(text: Token) -> tuple[list[str], list[Token]]:
    names, pieces, at = [], [], 0
    for match in mentions_in(text.content):
        names.append(match[1].lower())
        pieces.append(Token("text", "", 0, content=text.content[at : match.start()]))
        # Rendered as it stands; the name is letters and digits, and the cleaner sees it again.
        pieces.append(Token("html_inline", "", 0, content=_mark(match[0])))
        at = match.end()
    return names, [*pieces, Token("text", "", 0, content=text.content[at:])] if names else [text]


def _mark(name: str, user_id: int | str = "") -> str:
    return f'<span class="mention" data-user="{user_id}">{name}</span>'


# No message can forge one: a quote and an angle bracket of its own are escaped.
_MARK = re.compile(_mark("([^<]*)"))


def _code(code: str, language: str, _attributes) -> str:
    language = re.sub(r"[^\w+#.-]", "", language)[:30]
    body = escape(code, quote=False)
    if language and len(code) <= MAX_HIGHLIGHTED:
        with suppress(ClassNotFound):  # a language we do not know is shown as it is
            body = highlight(code, get_lexer_by_name(language, stripnl=False), _formatter)
    # markdown-it leaves a block alone that begins with <pre
    return f'<pre class="code" data-language="{escape(language)}"><code>{body}</code></pre>'


def _image_as_link(self, tokens, index, options, env) -> str:
    """A remote picture would tell its server who reads the message, so it is a link."""
    token = tokens[index]
    return f'<a href="{escape(str(token.attrs.get("src", "")))}">{escape(image_words(token))}</a>'


def _is_language(name: str) -> bool:
    with suppress(ClassNotFound):
        return bool(get_lexer_by_name(name))
    return False


def _allowed_value(_tag: str, name: str, value: str) -> str | None:
    wanted = _ALLOWED_VALUES.get(name)
    return value if wanted is None or wanted.match(value) else None


# Only the classes that this file and pygments make: a message cannot dress up as part of the page.
_OUR_CLASSES = re.compile(
    r"(?:mention|code|task-list-item|task-list-item-checkbox|align-(?:left|center|right)|digits-[0-9]{1,2}"
    r"|[a-z][a-z0-9]{0,2})\Z"
)
_ALLOWED_VALUES = {
    "class": _OUR_CLASSES,
    "href": markdown_links.ADDRESS,
    "dir": re.compile(r"auto\Z"),
    "value": re.compile(r"[0-9]{1,9}\Z"),
}
_formatter = HtmlFormatter(nowrap=True)
_markdown = (
    MarkdownIt("commonmark", {"html": False, "breaks": True, "tasklists": True, "highlight": _code})
    .enable(["table", "strikethrough"])
    .use(markdown_emphasis.plugin)
    .use(markdown_links.plugin)
    .use(markdown_nesting.plugin)
    .use(markdown_definitions.plugin)
    .use(markdown_tables.plugin)
    .use(markdown_lists.plugin)
    .use(markdown_code.plugin, _is_language)
)
_markdown.add_render_rule("image", _image_as_link)
_cleaner = nh3.Cleaner(
    tags={
        "p", "br", "hr", "strong", "em", "s", "a", "code", "pre", "blockquote", "ul", "ol", "li", "span", "input",
        "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
    },
    attributes={
        "*": set(),
        "a": {"href"},
        "ol": {"class", "dir", "start"},
        "ul": {"dir"},
        "li": {"class", "value"},
        "blockquote": {"dir"},
        "table": {"dir"},
        "th": {"class"},
        "td": {"class"},
        "pre": {"class", "data-language"},
        "span": {"class", "data-user"},
        "input": {"class", "type", "checked", "disabled"},
    },
    allowed_classes={},
    attribute_filter=_allowed_value,
    set_tag_attribute_values={"input": {"disabled": "", "type": "checkbox"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener nofollow ugc",
)  # fmt: skip
