"""Puts numbered events in order. Has neither a clock nor database access; the caller has both."""

from collections.abc import Iterator

from .connection import QueuedEvent


class ReorderBuffer:
    """Passes on each number once, in order. Keeps early items until the gap before them is closed."""

    def __init__(self) -> None:
        self.head: int | None = None  # the last number that was passed on; None before `begin`
        self._early: dict[int, QueuedEvent] = {}
        self._expected = 0

    def begin(self, head: int) -> Iterator[QueuedEvent]:
        """Start after `head`. Yields items that arrived before this call and come next."""
        self.head = head
        return self._next()

    def take(self, item: QueuedEvent) -> Iterator[QueuedEvent]:
        """Add an item that has arrived. Yields what can be passed on: nothing, or the item and its successors."""
        seq = item.seq
        if seq is not None and (self.head is None or seq > self.head):
            self._early[seq] = item
        return self._next()

    def expect(self, head: int) -> None:
        """Note that numbers up to `head` exist."""
        self._expected = max(head, self._expected)

    def skip_to(self, head: int) -> Iterator[QueuedEvent]:
        """Continue after `head`, because all up to it was read from the database. Yields what comes next."""
        self.head = head if self.head is None else max(head, self.head)
        return self._next()

    def forget(self, numbers: set[int]) -> None:
        """Discard these numbers where they are still buffered or expected: they were never committed."""
        if self._expected in numbers:
            self._expected = 0
        self._early = {seq: item for seq, item in self._early.items() if seq not in numbers}

    @property
    def claimed(self) -> set[int]:
        """The numbers after the gap: buffered ones, and the expected one."""
        return {*self._early, self._expected} - {0}

    @property
    def has_gap(self) -> bool:
        """Whether a number is missing: a later one is buffered or expected."""
        return self.head is not None and (bool(self._early) or self._expected > self.head)

    def _next(self) -> Iterator[QueuedEvent]:
        if self.head is None:
            return
        while item := self._early.pop(self.head + 1, None):
            self.head += 1
            yield item
        if self._early and min(self._early) <= self.head:
            self._early = {seq: item for seq, item in self._early.items() if seq > self.head}
