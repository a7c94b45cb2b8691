"""The files of messages as models see them: each is named by its message and its number there, 12/1. Pure.

A picture counts for as many tokens as it has patches of 32 pixels a side, times a factor of the model: OpenAI, "Images
and vision", calculating costs: at most 1536 patches, 1.72 at most for those that count so; others count tiles, which
are fewer tokens but for tiny pictures (85 and one tile of 170). Anthropic, "Vision": width times height by 750, which
is less, and scaled down to 1,568 pixels.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from files.media_types import PICTURES

from .message_queries import PromptMessage

MAX_PICTURES = 4  # in a prompt
SIDES = (1568, 1080, 720)  # pixels, the longer side: as large as fits into the budget
SMALLEST = SIDES[-1:]
_PATCH, _MAX_PATCHES, _PER_PATCH, _LEAST = 32, 1536, 1.75, 256


@dataclass(frozen=True, slots=True)
class PromptFile:
    """number: its place among those of its message, from 1. described: what the message says of it (Message.files)."""

    message_id: int
    number: int
    described: dict[str, Any]

    @property
    def mark(self) -> str:
        """How messages to the model name the file: #12/1 is the first one of message 12."""
        return f"#{self.message_id}/{self.number}"

    @property
    def key(self) -> str:
        key: str = self.described["id"]
        return key

    @property
    def is_picture(self) -> bool:
        """Whether it is one that can be drawn."""
        return self.described["type"] in PICTURES and bool(self.described.get("preview"))

    def tokens(self, side: int) -> int:
        """Of the picture when its longer side is at most so long, on the high side."""
        width, height = self.described["width"], self.described["height"]
        scale = min(1, side / max(width, height))
        patches = ceil(width * scale / _PATCH) * ceil(height * scale / _PATCH)
        return max(_LEAST, ceil(min(patches, _MAX_PATCHES) * _PER_PATCH))


@dataclass(frozen=True, slots=True)
class ChosenPicture:
    file: PromptFile
    side: int

    @property
    def tokens(self) -> int:
        return self.file.tokens(self.side)


def files_of(message: PromptMessage) -> list[PromptFile]:
    return [PromptFile(message.id, number, file) for number, file in enumerate(message.files or (), 1)]


def pictures_of(messages: Iterable[PromptMessage], but: Collection[str] = ()) -> list[PromptFile]:
    """Those that can be shown, as many as a prompt may have, in this order. but: marks of those that are left out."""
    found: list[PromptFile] = []
    for message in messages:
        if message.files:
            found += [file for file in files_of(message) if file.is_picture and file.mark not in but]
        if len(found) >= MAX_PICTURES:
            break
    return found[:MAX_PICTURES]


def fit_pictures(files: Sequence[PromptFile], budget: int, sides: Sequence[int] = SIDES) -> list[ChosenPicture]:
    """The first of these, as many as fit into so many tokens; and as large as fits."""
    for count in range(len(files), 0, -1):
        for side in sides:
            chosen = [ChosenPicture(file, side) for file in files[:count]]
            if cost_of(chosen) <= budget:
                return chosen
    return []


def cost_of(pictures: Iterable[ChosenPicture]) -> int:
    """In tokens."""
    return sum(picture.tokens for picture in pictures)
