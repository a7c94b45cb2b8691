"""What stands in a query beside words: has:file, has:image, filename:report, from:alice, in:kitchen. Pure."""

import re
from dataclasses import dataclass

from ..models.attachment import KINDS
from .query import Phrase, parse

ANY_FILE = "file"
_OPERATOR = re.compile(r'(?<!\S)(has|filename|from|in):("[^"]*"?|[^\s"]+)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """words: the rest. kinds: of files that a message must have (attachment.KINDS, or ANY_FILE). names: of which each
    must be in the name of the file that is found. sender, room: as typed, or None."""

    words: str
    kinds: tuple[str, ...] = ()
    names: tuple[Phrase, ...] = ()
    sender: str | None = None
    room: str | None = None

    @property
    def wants_files(self) -> bool:
        return bool(self.kinds or self.names)


def read(text: str) -> Typed:
    """Of several from: or in: the last one counts. What is no operator, has:time for example, is words."""
    found: dict[str, list[str]] = {"has": [], "filename": [], "from": [], "in": []}

    def take(match: re.Match[str]) -> str:
        operator, value = match[1].lower(), match[2].strip('"').strip()
        if not value or (operator == "has" and value.lower() not in (ANY_FILE, *KINDS)):
            return match[0]
        found[operator].append(match[2] if operator == "filename" else value)  # its words stand side by side
        return " "

    words = " ".join(_OPERATOR.sub(take, text).split())
    return Typed(
        words,
        tuple(dict.fromkeys(value.lower() for value in found["has"])),
        tuple(phrase for value in found["filename"] for phrase in parse(value).phrases),
        found["from"][-1] if found["from"] else None,
        found["in"][-1] if found["in"] else None,
    )
