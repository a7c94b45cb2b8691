"""Colours for code: the languages that people paste, and none else.

pygments knows 600 languages. Some of its lexers never end on hostile text, and nearly all take time that grows with
the square of its length, so code is coloured only where it can be cut off: in render_process.py.
"""

from functools import cache

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name

# By a name that pygments has; its aliases are known too. Each is tested with hostile text.
LANGUAGES = """
bash bat c clojure console cpp csharp css dart diff docker elixir erlang go graphql groovy haskell html http ini java
javascript json jsx julia kotlin latex lua make markdown nginx nix objective-c perl php powershell protobuf pycon python
r ruby rust scala scss sql swift toml tsx typescript xml yaml zig
""".split()  # noqa: SIM905
# What people write besides. Two of pygments' lexers are not for strangers: that for PostgreSQL loads whatever others a
# text names, and that for Terraform loses characters of unfinished heredocs.
_ALIASES = {
    "cjs": "javascript", "cmd": "bat", "conf": "ini", "dotenv": "ini", "env": "ini", "gql": "graphql",
    "gradle": "groovy", "h": "c", "hpp": "cpp", "htm": "html", "javascriptreact": "jsx", "json5": "json",
    "jsonc": "json", "jsonl": "json", "kt": "kotlin", "kts": "kotlin", "less": "scss", "m": "objective-c",
    "mariadb": "sql", "mjs": "javascript", "mk": "make", "mysql": "sql", "node": "javascript", "patch": "diff",
    "pg": "sql", "plsql": "sql", "postgres": "sql", "postgresql": "sql", "properties": "ini", "proto": "protobuf",
    "psql": "sql", "py2": "python", "pytb": "python", "shellsession": "console", "sqlite": "sql", "sqlite3": "sql",
    "svelte": "html", "svg": "xml", "terminal": "console", "tsql": "sql", "typescriptreact": "tsx", "vue": "html",
    "yml": "yaml", "zshrc": "bash",
}  # fmt: skip
_formatter = HtmlFormatter(nowrap=True)


def language_of(name: str) -> str | None:
    """The language that somebody means by a name, one of LANGUAGES; None when it is none of them."""
    return _names().get(name.lower())


def highlighted(code: str, language: str) -> str:
    """Html of code: spans with pygments' short class names. language: one of LANGUAGES."""
    return highlight(code, lexer(language), _formatter)


def lexer(language: str) -> Lexer:
    """A lexer for one text: some keep what they have seen, and one that was cut off would keep half of it."""
    if language == "http":
        return _http()(stripnl=False)
    # Markdown's own blocks of code would be given to any lexer that pygments has.
    return get_lexer_by_name(language, stripnl=False, handlecodeblocks=False)


@cache
def _http() -> type[Lexer]:
    from pygments.lexers.textfmts import HttpLexer

    class Heads(HttpLexer):
        """Without the body, which would be given to any lexer that pygments has."""

        content_type = property(lambda self: None, lambda self, value: None)

    return Heads


@cache
def _names() -> dict[str, str]:
    """Each name, lower-case, and its language."""
    names: dict[str, str] = {}
    for _title, aliases, _files, _types in get_all_lexers(plugins=False):
        for language in LANGUAGES:
            if language in aliases:
                names |= dict.fromkeys(map(str.lower, aliases), language)
    return names | _ALIASES
