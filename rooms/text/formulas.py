"""Formulas: LaTeX to MathML, which browsers show and read aloud without any script.

latex2mathml parses. What it makes is written out here by a list of tags and attributes: a formula has no links, no
colours, no classes of its own and no macros, which can be made to grow without end.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from xml.etree.ElementTree import Element

MAX_LENGTH = 1000  # characters of a formula
MAX_DEPTH = 40  # of the tree
_MAX_OPEN = 15  # groups in one another
_MAX_SPACE = 20  # em

_LENGTH = r"-?[0-9]{0,2}(?:\.[0-9]{1,4})?(?:em|ex|mu|pt)?\Z"
_WORD = r"[a-z-]{1,20}(?: [a-z-]{1,20})*\Z"
_YES = r"(?:true|false)\Z"
# Tag → attribute → what its value may be. The sanitizer allows the same and nothing else.
TAGS: dict[str, dict[str, str]] = {
    "math": {"display": r"(?:block|inline)\Z", "alttext": r"(?s:.*)\Z"},
    "mi": {"mathvariant": r"normal\Z"},
    "mn": {},
    "mo": {
        **dict.fromkeys(("stretchy", "fence", "largeop", "movablelimits", "separator", "symmetric", "accent"), _YES),
        **dict.fromkeys(("minsize", "maxsize", "lspace", "rspace"), _LENGTH),
        "form": r"(?:prefix|infix|postfix)\Z",
    },
    "mtext": {},
    "mspace": {"width": _LENGTH},
    "mrow": {},
    "mfrac": {"linethickness": _LENGTH},
    "msqrt": {},
    "mroot": {},
    "mstyle": {"displaystyle": _YES, "scriptlevel": r"[+-]?[0-3]\Z"},
    "msub": {},
    "msup": {},
    "msubsup": {},
    "munder": {"accentunder": _YES},
    "mover": {"accent": _YES},
    "munderover": {},
    "mtable": {"displaystyle": _YES, "columnspacing": r"[0-9. em]{1,100}\Z", "rowspacing": r"[0-9. em]{1,100}\Z"},
    "mtr": {},
    "mtd": {"class": r"align-(?:left|center|right)\Z"},
}
_ALLOWED = {tag: {name: re.compile(value) for name, value in values.items()} for tag, values in TAGS.items()}
# Shown as what is in them.
_LIKE_ROWS = {"mpadded", "menclose"}
# How many parts browsers want; with fewer, they show an error.
_PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
_FORBIDDEN = re.compile(
    # Macros; what makes a mess of the lines around it; words that nobody would see (comments, colours, phantoms).
    # An @ may call for somebody, who must hear of it.
    r"\\(?:def|gdef|edef|xdef|let|newcommand|renewcommand|providecommand|newenvironment|DeclareMathOperator|require"
    r"|hspace|mspace|hskip|mskip|mkern|kern|rule|raise|lower|moveleft|moveright|verb|[hv]?phantom|href|class|style|label|ref|(?:text)?color(?:box)?|fcolorbox"
    r"|unicode)(?![A-Za-z])|[@＠]|(?<!\\)(?:\\\\)*%"
)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([A-Za-z]{1,20}\*?)\}")
# Environments that latex2mathml does not know, by those that look the same.
_SAME_AS = {
    **dict.fromkeys(("aligned", "align", "split", "alignedat", "eqnarray", "eqnarray*"), "align*"),
    **dict.fromkeys(("gathered", "gather", "gather*", "multline", "multline*"), "matrix"),
}
_KNOWN = re.compile(r"(?:align\*|cases|array|smallmatrix|[bBpvV]?matrix\*?)\Z")
_ONLY_A_FRAME = {"equation", "equation*", "math", "displaymath"}


def to_mathml(latex: str, display: bool) -> str | None:
    """Safe MathML, or None: what cannot be shown as a formula stays as it was written. Never raises.

    The time grows with the length, and a formula of MAX_LENGTH characters takes some tens of milliseconds.
    """
    if len(latex) > MAX_LENGTH or not latex.strip() or _FORBIDDEN.search(latex) or _is_too_deep(latex):
        return None
    known = _with_known_environments(latex)
    if known is None:
        return None
    # Not loaded before the first formula: most processes see none for a long time.
    from latex2mathml.converter import Converter

    try:
        tree = Converter(display="block" if display else "inline").convert_to_element(known)
        tree.set("alttext", latex.strip())
        return "".join(_written(tree, 0))
    except Exception:  # noqa: BLE001 - the library raises what it likes at what is no LaTeX
        return None


def _is_too_deep(latex: str) -> bool:
    """Whether groups are not closed, or are too many in one another. (The library calls itself for each.)"""
    depth = deepest = 0
    for sign in re.findall(r"\\(?:begin|left)(?![A-Za-z])|\\(?:end|right)(?![A-Za-z])|\\.|[{}]", latex, re.DOTALL):
        depth += (sign in ("{", r"\begin", r"\left")) - (sign in ("}", r"\end", r"\right"))
        deepest = max(deepest, depth)
        if depth < 0:
            return True
    return depth != 0 or deepest > _MAX_OPEN


def _with_known_environments(latex: str) -> str | None:
    unknown = False

    def known(match: re.Match[str]) -> str:
        nonlocal unknown
        name = _SAME_AS.get(match[2], match[2])
        unknown |= not _KNOWN.match(name) and name not in _ONLY_A_FRAME
        return "" if name in _ONLY_A_FRAME else f"\\{match[1]}{{{name}}}"

    changed = _ENVIRONMENT.sub(known, latex)
    return None if unknown else changed


_COMMAND = re.compile(r"\\[A-Za-z]")


class _NotShown(Exception):
    """Browsers would show an error, or LaTeX's own words."""


def _written(element: Element, depth: int) -> Iterator[str]:
    tag = "mrow" if element.tag in _LIKE_ROWS else element.tag
    allowed = _ALLOWED.get(tag)
    text = unescape(element.text or "").strip("\n")
    if allowed is None or depth > MAX_DEPTH or len(element) < _PARTS.get(tag, 0) or _COMMAND.match(text):
        raise _NotShown
    if column := element.get("columnalign"):
        element.set("class", f"align-{column}")  # no browser follows the attribute
    yield f"<{tag}"
    for name, value in element.items():
        if name in allowed and allowed[name].match(value):
            yield f' {name}="{escape(value)}"'
    yield f">{escape(text, quote=False)}"
    for child in element:
        yield from _written(child, depth + 1)
    yield f"</{tag}>"
