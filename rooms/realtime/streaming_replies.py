"""The text so far of bot replies that are being written, put together from their deltas.

A process may begin to listen in the middle of a reply. The database has the text of up to a second ago; deltas
that start beyond it are kept until a later reading closes the hole, so that readers only ever see whole texts.
Positions are code points, as on the wire.
"""

from os.path import commonprefix
from typing import NamedTuple


class RenderedPart(NamedTuple):
    """A part of a text whose blocks are finished."""

    start: int
    end: int
    event: str  # the JSON that tells of it


class StreamingReply:
    def __init__(self, text: str = ""):
        self.text = text
        self.rendered: list[RenderedPart] = []
        self._ahead: list[tuple[int, str]] = []

    def add(self, at: int, piece: str) -> tuple[int, str] | None:
        """Take a delta; returns what readers may be told, as (at, text), or None when there is a hole before it."""
        if at > len(self.text):
            self._ahead.append((at, piece))
            return None
        return self._extend(piece[len(self.text) - at :])

    def catch_up(self, saved: str) -> tuple[int, str] | None:
        """Take the text that the database has; returns what readers do not have yet, or None when nothing is new."""
        return self._extend(saved[len(self.text) :] if saved.startswith(self.text) else "")

    def add_rendered(self, part: "RenderedPart") -> None:
        """Take the HTML of a part; earlier ones that it overlaps give way."""
        self.rendered = [each for each in self.rendered if each.end <= part.start or each.start >= part.end] + [part]

    def with_parts_of(self, before: "StreamingReply | None") -> "StreamingReply":
        """This one with what was rendered of an earlier state of it and still stands there."""
        if before:
            same = len(commonprefix([self.text, before.text]))
            self.rendered = [part for part in before.rendered if part.end <= same]
        return self

    @property
    def has_hole(self) -> bool:
        return bool(self._ahead)

    def _extend(self, new: str) -> tuple[int, str] | None:
        start = len(self.text)
        self.text += new
        self._ahead.sort()
        while self._ahead and self._ahead[0][0] <= len(self.text):
            at, piece = self._ahead.pop(0)
            self.text += piece[len(self.text) - at :]
        return (start, self.text[start:]) if len(self.text) > start else None


class ReplySoFar(NamedTuple):
    text: str
    rendered: tuple[RenderedPart, ...]


class StreamingReplies:
    """Those of one room, by message id."""

    def __init__(self) -> None:
        self._replies: dict[int, StreamingReply] = {}

    def follow(self, id: int, streaming: bool, text: str) -> None:
        """A reply's `message` event: it begins (again) with this text, or it is done."""
        if streaming:
            self._replies[id] = StreamingReply(text).with_parts_of(self._replies.get(id))
        else:
            self._replies.pop(id, None)

    def add(self, id: int, at: int, piece: str) -> tuple[int, str] | None:
        # A delta can come after the end of its reply: who stops one does so in another process than writes it.
        return self._replies[id].add(at, piece) if id in self._replies else None

    def catch_up(self, id: int, saved: str) -> tuple[int, str] | None:
        return self._replies[id].catch_up(saved) if id in self._replies else None

    def add_rendered(self, id: int, part: RenderedPart) -> None:
        if id in self._replies:
            self._replies[id].add_rendered(part)

    def has_hole(self, id: int) -> bool:
        return id in self._replies and self._replies[id].has_hole

    def snapshot(self) -> dict[int, ReplySoFar]:
        return {id: ReplySoFar(reply.text, tuple(reply.rendered)) for id, reply in self._replies.items()}
