"""`[#918]` in an answer: a link to message 918, if the answer was made from it; otherwise it goes. `[#918/1]`: the
same, and a link to its first file, if the model was given that."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from rooms.models import Room

File = tuple[str, str]  # key and name


def link_citations(
    text: str, read: set[int], room: Room | None = None, files: Mapping[tuple[int, int], File] | None = None
) -> str:
    """The text with citations of what was read as links, and without the others. Code stays as it is.

    room: where the messages are, when the answer is shown elsewhere. Links to elsewhere are links as before, unless
    they pass for a citation. files: by message and number.
    """
    address = f"/chat/{room.name}/" if room else ""

    def link(id: int, number: str) -> str:
        file = (files or {}).get((id, int(number))) if number else None
        return f"[#{id}]({address}#m{id})" + (f" {_file_link(*file)}" if file else "")

    def cited(ids: str) -> str:
        found = dict.fromkeys((int(id), number) for id, number in _NAMED.findall(ids) if len(id) <= MAX_ID_DIGITS)
        return " ".join(link(id, number) for id, number in found if id in read)

    def linked(match: re.Match) -> str:
        label, target = match["label"], _MESSAGE.fullmatch(match["target"].strip("<>"))
        number = _NUMBER.fullmatch(label)
        if number and "#" in label:
            return cited(number["ids"])
        if number and target:
            return cited(target[1])
        if not target:
            return match[0].lstrip(" \t")
        return label if not cited(target[1]) else f"[{label}]({address}#m{int(target[1])})"

    def replaced(match: re.Match) -> str:
        if match["code"]:
            return match[0]
        if match["aside"]:
            now = cited(" ".join(re.findall(rf"\[\s*({_IDS})\s*\]", match["aside"])))
            now = now and f"({now})"
        else:
            now = cited(match["ids"]) if match["ids"] else linked(match)
        return (" " if match[0][0] in " \t" and now else "") + now

    return _PARTS.sub(replaced, text)


def cited_ids(text: str) -> list[int]:
    """The ids that a text of our own making cites. It may repeat words of others, with numbers that are no ids."""
    return [int(id) for id in dict.fromkeys(re.findall(r"\[#(\d+)\]", text)) if len(id) <= MAX_ID_DIGITS]


def linked_ids(text: str) -> list[int]:
    """The ids of the messages that a finished answer links to as its sources, in order."""
    return [int(id) for id in dict.fromkeys(_LINKED.findall(text))]


def _file_link(key: str, name: str) -> str:
    label = re.sub(r"([\\`*_{}\[\]<>#|~@$!&:])", r"\\\1", name)
    return f"[{label}](/files/{key}/{quote(name, safe='')})"


MAX_ID_DIGITS = 18  # digits of an id
_ID = r"\d+(?:/\d{1,2})?"  # of a message, or of a file of it
_NAMED = re.compile(r"(\d+)(?:/(\d{1,2}))?")
_IDS = rf"#{_ID}(?:\s*[,;&]\s*#?{_ID}|\s+(?:and\s+|und\s+)?#{_ID})*"  # one or several
_FENCED = (
    r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})[^\n]*"
    r"(?:\n.*?)??(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)"
)
_SPAN = r"(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)"
_TARGET = r"""\(\s*+(?P<{}><[^<>\n]*>|[^()\s]*+)(?:\s++(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?\s*+\)"""
_ONE = rf"\[\s*{_IDS}\s*\](?:{_TARGET.replace('P<{}>', ':')})?+"
# Code; citations in parentheses; a citation, perhaps with an address that the model made up; any other link.
_PARTS = re.compile(
    rf"(?P<code>{_FENCED}|{_SPAN})"
    rf"|[ \t]?(?<!\])(?P<aside>\(\s*+{_ONE}(?:[\s,;]++{_ONE})*+\s*+\))"
    rf"|[ \t]?(?P<twice>\[)?\[\s*(?P<ids>{_IDS})\s*\](?(twice)\])(?:{_TARGET.format('_')})?"
    rf"|[ \t]?\[(?P<label>[^\[\]\n]+)\]{_TARGET.format('target')}",
    re.DOTALL | re.MULTILINE,
)
_LINKED = re.compile(r"\[#(\d{1,18})\]\((?:/chat/[a-z0-9_-]+/)?#m\1\)")
_MESSAGE = re.compile(r"(?:/chat/[a-z0-9_-]+/?)?(?:\?[^#]*)?#m(\d+)")
# A label that only names messages: "#5", "**#5**", "message 5".
_NUMBER = re.compile(rf"(?i)[\W_]*?(?:(?:message|msg|see|nachricht|siehe)\W+)?(?P<ids>{_IDS}|\d+)(?:[^\w#]|_)*")
