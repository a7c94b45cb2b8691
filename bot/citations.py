"""`[#918]` in an answer: a link to message 918, if the answer was made from it; otherwise it goes."""

import re

from rooms.models import Room

# With an address the model made up behind it, or several in one pair of brackets.
_CITATION = re.compile(r"[ \t]?\[#(\d+(?:\s*[,;]\s*#?\d+)*)\](?:\([^()\s]*\))?")
_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]+`)", re.DOTALL)


def checked(text: str, read: set[int], room: Room | None = None) -> str:
    """The text with citations of what was read as links, and without the others.

    room: where the messages are, when the answer is shown elsewhere.
    """
    address = f"/chat/{room.name}/" if room else ""

    def replace(match: re.Match) -> str:
        found = [int(id) for id in re.findall(r"\d{1,18}", match[1])]
        links = [f"[#{id}]({address}#m{id})" for id in dict.fromkeys(found) if id in read]
        return (" " if match[0][0] in " \t" and links else "") + " ".join(links)

    parts = _CODE.split(text)  # every second one is code
    return "".join(part if index % 2 else _CITATION.sub(replace, part) for index, part in enumerate(parts))


def ids_in(text: str) -> list[int]:
    """The ids that a text of our own making cites."""
    return [int(id) for id in dict.fromkeys(re.findall(r"\[#(\d+)\]", text))]
