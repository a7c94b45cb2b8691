"""Texts of any length for each construct that means something in a message: what a growing cost would show in.

Each of ROWS is the name of a construct, as the parser names its rule where it has one, and a function that makes a
text of about so many characters.
"""

from collections.abc import Callable

from . import xss

Make = Callable[[int], str]


def repeated(unit: str, before: str = "", behind: str = "") -> Make:
    return lambda length: before + unit * max(1, (length - len(before) - len(behind)) // len(unit)) + behind


def halves(*units: str) -> Make:
    """Equal parts one after the other: so many openers, then so many closers."""
    return lambda length: "".join(unit * (length // len(units) // len(unit)) for unit in units)


def numbered(line: str) -> Make:
    """Lines with a number in each, so that no two are the same."""
    return lambda length: "\n".join(line.format(number) for number in range(length // (len(line) + 2)))


def nested(mark: str) -> Make:
    """Each line a level deeper, as deep as the length allows."""
    return lambda length: "\n".join("  " * level + mark + "a" for level in range(int(length**0.5)))


def growing(sign: str) -> Make:
    """Runs of a sign, each longer than the one before."""
    return lambda length: " ".join(sign * size for size in range(1, int((2 * length) ** 0.5)))


def wide_table(length: int) -> str:
    """Many columns, and many rows of one cell."""
    columns = length // 8
    return "|a" * columns + "|\n" + "|-" * columns + "|\n" + "a\n" * (2 * columns)


def used_definitions(length: int) -> str:
    count = length // 18
    return "".join(f"[a{n}]: /b\n" for n in range(count)) + "\n" + " ".join(f"[a{n}]" for n in range(count))


# What is repeated.
UNITS = {
    "paragraph": ["word ", "a\n", "a. ", "\na", "a  \n", "Ä", "a\u00a0", "1"],
    "code": ["    a\n", "\ta\n", "    a\n\n", "a\n\n    b\n\n"],
    "fence": ["```\n", "~~~\n", "```a\n", "```\na\n```\n", "````\n```\n", "```python b\nx\n```\n"],
    "blockquote": ["> ", ">", "> a\n", ">a\n>\n", "> @bob\n", "> > a\n", ">\n", "> - a\n"],
    "hr": ["---\n", "***\n", "- - -\n", "- ", "* ", "_ "],
    "list": ["- a\n", "- ", "-\n", "1. a\n", "1. ", "- - a\n", "- a\n  b\n",
        "- > a\n", "1. a\n- b\n", "a\n- b\n", "007. a\n"],
    "tasklists": ["- [ ] a\n", "- [x] @bob\n", "- [ ]\n", "[ ] ", "- [ ] [ ] "],
    "reference": ["[a]: /b\n", "[a]:\n", "[a]: ", "[a]: /b 'c\n", "[a]: <b\n", "[\n", "[a\n]: /b\n"],
    "heading": ["# a\n", "#", "# ", "# a #\n", "###### @bob\n"],
    "lheading": ["a\n=\n", "a\n-\n", "=\n", "a\n==a\n"],
    "table": ["a|b\n-|-\n", "|\n", "|:-:", "|a|b|\n|-|-|\n"],
    "text": ["a"],
    "newline": ["a\n", "a\\\n", "a  \n", "@bob\n", "\\\n"],
    "escape": ["\\", "\\*", "\\a", "\\\\\\["],
    "backticks": ["`", "`a`", "`a``b", "`a", "`` ` ", "`@bob` "],
    "strikethrough": ["~", "~~a~~ ", "~~a ", "a~~ ", "~~", "~~~a", "~~ a"],
    "emphasis": ["*", "_", "**a** ", "*a ", "*a_ ", "**a", "a**b", "*a **b ", "_a_b",
        "*a_b~~c ", "**重点：**请", "*“", "_*a", "**“a”**b", "*@bob* "],
    "link": ["[", "]", "[]", "[a]", "[a](", "[a](b) ", "[a](b 'c", "[](", "[a](((", "[a][",
        "[*a](b) ", "[a](/b 'c') ", "[http://a.b](http://c.d) ", "[\\]",
        "[<a>](b)"],
    "image": ["![", "![a](b)", "![]()", "[![a](b)](c) ", "![@bob](b) "],
    "autolink": ["<", "<http://a.b>", "<a@b.c>", "<http:", "<a", "<a ", "</a>", "<!--", "<?", "<a href='",
        "<b>a</b>", "<script>", "<div>\na\n",
        "<![CDATA[", "]]>", "-->"],
    "entity": ["&", "&amp;", "&#", "&#x41;", "&a", "&#8203;", "&nbsp;"],
    "maths": ["$", "$a$ ", "$a ", "$$", "$$ a $$ ", "\\(", "\\(a\\) ", "$\\frac", "$a^", "$\\$", "$@bob$ ",
        "$a_{b}$ ", "$\\a$ "],
    "maths_block": ["$$\n", "$$a\n", "$$\na\n$$\n", "\\[\n", "\\[a\n", "\\[\na\n\\]\n", "$$\n\\[\n", "$$\n@bob\n$$\n"],
    "linkify": ["http://a.b ", "https://a.b/c?d=e#f ", "http://", "http://a.b/(", ":",
        "http://日本.jp/日本 ", "http://a.b/日本。", "“http://a.b”", "http://xn--a.b ",
        "mailto:a@b.c ", "*http://a.b/*", "~~http://a.b~~ ", "(http://a.b) ",
        "http://a@b.c/@bob ", "www.a.b "],
    "mention": ["@bob ", "@", "@b", "@bob\n", "@bob/", "＠bob ", "你@bob", "@bob你", "@b.c@",
        "a@b.c ", "-@bob", "@bob,@alice ", "@" + "a" * 31,
        "@" + "a" * 33 + " ", "用户@bob.", "é@bob", "@bob\u0301"],
    "footnote": ["[^1] ", "[^1]: a\n", "[^", "^[a] "],
    "emoji": ["😀", ":smile: ", "👩\u200d👧", "😀@bob ", "❤\ufe0f", "🇩🇪", "👍🏽", ":"],
    "citation": ["[#123] ", "[#1](#m1) ", "[#1][#2]", "[#", "#m1 "],
    "script": ["你好", "日本語。", "한국어 ", "שלום ", "ก", "e\u0301", "\u200b", "（", "“a” ", "﷽", "\ufeff", "\u3000",
        "Ａ！", "＊ａ＊", "［ａ］（ｂ）", "\u0300", "a\u0301\u0316", "\U000e0061", "🏴\U000e0067", "\u202eא"],
    "mixed": ["*_`[<&@a", "- **a** `b` [c](d) @bob\n", "> # a\n\n1. b\n", "|*a*|`b`|\n"],
}  # fmt: skip
# The same behind something else.
BEHIND = {
    ("fence", "```python\n"): ["@bob\n", "x = 1\n"],
    ("blockquote", "> "): ["a\n"],
    ("list", "- "): ["a\n"],
    ("table", "|a|b|\n|-|-|\n"): ["|a|b|\n", "|", "|\n", "a\n", "|@bob|b|\n", "\\|", "|a|b|c|d|\n", "`|"],
    ("link", "[a]("): ["(", "a"],
    ("linkify", "http://a.b/"): ["a", "/", "(", ")", ".", "..a", ",", "%E6%97%A5", "%E6", "*", "_", "日", "。", "・",
        "?a=b&", "://", "http://", "[", "'s", "~~"],
    ("maths", "$$"): ["a", "\\a", "{", "{}", "\\\\", "a_", "\\(", "\\["],
    ("maths_block", "$$\n"): ["a\n", "\\\\\n", "> a\n", "- a\n"],
    ("linkify", "http://"): ["a", "a.", "日", ".", "-", "@", "a@", ":", "["],
}  # fmt: skip
# As many of one as of the other.
HALVES = {
    "backticks": [("`a ", "``b ")],
    "strikethrough": [("~~a ", "b~~ ")],
    "emphasis": [("*a ", "b* "), ("**a ", "b* "), ("*a **b ", "c** d* "), ("_a ", "b_ "), ("***a ", "b*** ")],
    "link": [("[", "](a)"), ("[", "]"), ("[a](", ")"), ("(", ")"), ("[a", "][b]"), ("[a](b", " 'c'")],
    "maths": [("$", "$"), ("\\(", "\\)"), ("$ ", " $"), ("$$", "$$")],
    "maths_block": [("\\[\n", "\\]\n"), ("$$\na", "$$\n")],
    "image": [("![", "](a)"), ("[![", "](a)](b)"), ("![", "]")],
}
ROWS: list[tuple[str, Make]] = [
    *((name, repeated(unit)) for name, units in UNITS.items() for unit in units),
    *((name, repeated(unit, before)) for (name, before), units in BEHIND.items() for unit in units),
    *((name, halves(*units)) for name, pairs in HALVES.items() for units in pairs),
    ("hostile", repeated("\n".join(xss.STRINGS) + "\n")),
    ("blockquote", nested("> ")),
    *(("list", nested(mark)) for mark in ("- ", "1. ", "* > ")),
    ("list", numbered("{}. a")),
    ("tasklists", nested("- [ ] ")),
    ("reference", numbered("[a{}]: /b")),
    ("reference", used_definitions),
    ("reference", lambda length: "[" + "a" * (length // 2) + "]: /b\n\n" + "[a]" * (length // 6)),
    ("table", wide_table),
    ("table", lambda length: "|a" * (length // 4) + "|\n" + "|-" * (length // 4) + "|"),
    ("table", lambda length: "|a" * (length // 6) + "|\n" + "|-" * (length // 6) + "|\n" + "|b" * (length // 6) + "|"),
    ("backticks", growing("`")),
    ("emphasis", growing("*")),
    ("link", repeated("a", "[a](", ")")),
    ("link", repeated("%E6%97%A5", "[a](http://b.c/", ")")),
    ("linkify", repeated("a", "", "://b.c")),
    *(("linkify", repeated(unit, "http://a.b/", "a")) for unit in "_:."),
    ("footnote", numbered("[^{}]: a")),
    ("mention", numbered("@bob{} ")),
    ("script", lambda length: "a" + "\u0301" * (length // 2) + "\u0316" * (length // 2)),
]
