"""Puts numbered events in order. Pure: the caller has the clock and the database."""

from collections.abc import Iterator

from .connection import QueuedEvent


class ReorderBuffer:
    """Passes each number on once, in order. An item that comes early is kept until the gap before it is closed."""

    def __init__(self) -> None:
        self.head: int | None = None  # the last number that was passed on; None until it is known where to begin
        self._early: dict[int, QueuedEvent] = {}
        self._expected = 0

    def begin(self, head: int) -> Iterator[QueuedEvent]:
        """Begin after `head`. Yields the items that came before this was known and are next."""
        self.head = head
        return self._next()

    def take(self, item: QueuedEvent) -> Iterator[QueuedEvent]:
        """Takes an item as it arrives. Yields what can be passed on: nothing, or the item and those after it."""
        seq = item.seq
        if seq is not None and (self.head is None or seq > self.head):
            self._early[seq] = item
        return self._next()

    def expect(self, head: int) -> None:
        """Somebody says that there are numbers up to `head`."""
        self._expected = max(head, self._expected)

    def skip_to(self, head: int) -> Iterator[QueuedEvent]:
        """Everything up to `head` was read elsewhere. Yields what is next."""
        self.head = head if self.head is None else max(head, self.head)
        return self._next()

    def forget(self, numbers: set[int]) -> None:
        """Those of these numbers that still wait or are expected were never written."""
        if self._expected in numbers:
            self._expected = 0
        self._early = {seq: item for seq, item in self._early.items() if seq not in numbers}

    @property
    def claimed(self) -> set[int]:
        """The numbers after the gap: those that wait, and those that are expected."""
        return {*self._early, self._expected} - {0}

    @property
    def has_hole(self) -> bool:
        """Whether a number is missing: a later one waits or is expected."""
        return self.head is not None and (bool(self._early) or self._expected > self.head)

    def _next(self) -> Iterator[QueuedEvent]:
        if self.head is None:
            return
        while item := self._early.pop(self.head + 1, None):
            self.head += 1
            yield item
        if self._early and min(self._early) <= self.head:
            self._early = {seq: item for seq, item in self._early.items() if seq > self.head}
