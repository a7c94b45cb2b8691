"""The text so far of bot replies that are being streamed, assembled from their deltas.

A process may subscribe in the middle of a reply. The text in the database is up to a second old. Deltas that start
beyond it are buffered until a later read closes the gap, so that clients never see a text with a gap in it.
Positions are code points, as on the wire.
"""

from os.path import commonprefix
from typing import NamedTuple


class RenderedPart(NamedTuple):
    """A range of finished blocks."""

    start: int
    end: int
    event: str  # the `rendered` event, as JSON


class StreamingReply:
    def __init__(self, text: str = ""):
        self.text = text
        self.rendered: list[RenderedPart] = []
        self._rendered_ahead: list[RenderedPart] = []  # of text that is not here yet
        self._ahead: list[tuple[int, str]] = []

    def add(self, at: int, piece: str) -> tuple[int, str] | None:
        """Add a delta. Returns what can be sent to clients as (at, text); None if there is a gap before it."""
        if at > len(self.text):
            self._ahead.append((at, piece))
            return None
        return self._extend(piece[len(self.text) - at :])

    def catch_up(self, saved: str) -> tuple[int, str] | None:
        """Add the text from the database. Returns what clients lack as (at, text), or None if nothing."""
        return self._extend(saved[len(self.text) :] if saved.startswith(self.text) else "")

    def add_rendered(self, part: RenderedPart) -> list[RenderedPart]:
        """Add a rendered part. It replaces parts that it overlaps. Returns what clients lack and can be told."""
        if part in self.rendered or part in self._rendered_ahead:  # another process asked for it
            return []
        self._rendered_ahead.append(part)
        return self.take_rendered()

    def take_rendered(self) -> list[RenderedPart]:
        """The parts that waited for text that is here now."""
        due = [part for part in self._rendered_ahead if part.end <= len(self.text)]
        for part in due:
            self._rendered_ahead.remove(part)
            self.rendered = [each for each in self.rendered if each.end <= part.start or each.start >= part.end]
            self.rendered.append(part)
        return due

    def with_parts_of(self, before: "StreamingReply | None") -> "StreamingReply":
        """Take over the parts of an earlier state whose text has not changed. Returns self."""
        if before:
            same = len(commonprefix([self.text, before.text]))
            self.rendered = [part for part in before.rendered if part.end <= same]
        return self

    @property
    def has_gap(self) -> bool:
        return bool(self._ahead or self._rendered_ahead)

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
    """The streaming replies of one room, by message id."""

    def __init__(self) -> None:
        self._replies: dict[int, StreamingReply] = {}

    def follow(self, id: int, streaming: bool, text: str) -> None:
        """Handle the `message` event of a reply, which starts (again) with this text, or has ended."""
        if streaming:
            self._replies[id] = StreamingReply(text).with_parts_of(self._replies.get(id))
        else:
            self._replies.pop(id, None)

    def add(self, id: int, at: int, piece: str) -> tuple[int, str] | None:
        """Add a delta; at: the code point at which it begins.

        Returns what can be sent to clients as (at, text), or None.
        """
        # A delta can arrive after the end of its reply, because replies are stopped by another process.
        return self._replies[id].add(at, piece) if id in self._replies else None

    def catch_up(self, id: int, saved: str) -> tuple[int, str] | None:
        """Add the text from the database. Returns what clients lack as (at, text), or None if nothing."""
        return self._replies[id].catch_up(saved) if id in self._replies else None

    def add_rendered(self, id: int, part: RenderedPart) -> list[RenderedPart]:
        """Add a rendered part. Returns those that clients lack and can be told."""
        return self._replies[id].add_rendered(part) if id in self._replies else []

    def take_rendered(self, id: int) -> list[RenderedPart]:
        """Rendered parts that waited for text and can be sent now."""
        return self._replies[id].take_rendered() if id in self._replies else []

    def has_gap(self, id: int) -> bool:
        return id in self._replies and self._replies[id].has_gap

    def snapshot(self) -> dict[int, ReplySoFar]:
        """The text and rendered parts of each reply so far, by message id: what a socket is told when it arrives."""
        return {id: ReplySoFar(reply.text, tuple(reply.rendered)) for id, reply in self._replies.items()}
