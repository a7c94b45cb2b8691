"""Highlights code in the languages that people commonly paste, and no others.

pygments knows 600 languages. Some of its lexers hang on hostile text, and nearly all take quadratic time, so code is
highlighted only in render_process.py, where it can be interrupted.
"""

from functools import cache

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name

# Names of pygments; its aliases work, too. Each is tested with hostile text.
LANGUAGES = """
bash bat c clojure console cpp csharp css dart diff docker elixir erlang go graphql groovy haskell html http ini java
javascript json jsx julia kotlin latex lua make markdown nginx nix objective-c perl php powershell protobuf pycon python
r ruby rust scala scss sql swift toml tsx typescript xml yaml zig
""".split()  # noqa: SIM905
# Other names that people write. Two lexers of pygments are not used: that for PostgreSQL loads any lexer that the text
# names, and that for Terraform drops characters of unfinished heredocs.
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


def find_language(name: str) -> str | None:
    """The language in LANGUAGES for a name or alias, or None."""
    return _language_names().get(name.lower())


def highlight_code(code: str, language: str) -> str:
    """HTML of code: spans with pygments' short class names. language: one of LANGUAGES."""
    return highlight(code, get_lexer(language), _formatter)


def get_lexer(language: str) -> Lexer:
    """A new lexer for each text: some keep state, which an interruption would leave inconsistent."""
    if language == "http":
        return _http_head_lexer()(stripnl=False)
    # Otherwise code blocks in Markdown would be passed to any lexer of pygments.
    return get_lexer_by_name(language, stripnl=False, handlecodeblocks=False)


@cache
def _http_head_lexer() -> type[Lexer]:
    from pygments.lexers.textfmts import HttpLexer

    class Heads(HttpLexer):
        """Does not highlight the body, which would be passed to any lexer of pygments."""

        content_type = property(lambda self: None, lambda self, value: None)

    return Heads


@cache
def _language_names() -> dict[str, str]:
    """Lower-case name or alias → language."""
    names: dict[str, str] = {}
    for _title, aliases, _files, _types in get_all_lexers(plugins=False):
        for language in LANGUAGES:
            if language in aliases:
                names |= dict.fromkeys(map(str.lower, aliases), language)
    return names | _ALIASES
