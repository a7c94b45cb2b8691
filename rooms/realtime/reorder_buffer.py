"""Putting numbered events in order. Pure: time and the database are the caller's."""

from collections.abc import Iterator

from .connection import QueuedEvent


class ReorderBuffer:
    """Lets each number through once, in order; what comes early is kept until the hole before it is closed."""

    def __init__(self) -> None:
        self.head: int | None = None  # the last number that is through; None until it is known where to begin
        self._early: dict[int, QueuedEvent] = {}
        self._expected = 0

    def begin(self, head: int) -> Iterator[QueuedEvent]:
        """Begin after `head`; yields what came before this was known and is next."""
        self.head = head
        return self._next()

    def take(self, item: QueuedEvent) -> Iterator[QueuedEvent]:
        """One item as it arrives; yields what may go on now: nothing, the item, or the item and those after it."""
        seq = item.seq
        if seq is not None and (self.head is None or seq > self.head):
            self._early[seq] = item
        return self._next()

    def expect(self, head: int) -> None:
        """There are numbers up to `head`, as somebody says."""
        self._expected = max(head, self._expected)

    def skip_to(self, head: int) -> Iterator[QueuedEvent]:
        """Everything up to `head` was read elsewhere; yields what comes next."""
        self.head = head if self.head is None else max(head, self.head)
        return self._next()

    def forget(self, numbers: set[int]) -> None:
        """Of these, what still waits or is expected was never written."""
        if self._expected in numbers:
            self._expected = 0
        self._early = {seq: item for seq, item in self._early.items() if seq not in numbers}

    @property
    def claimed(self) -> set[int]:
        """The numbers behind the hole: what waits, and what is expected."""
        return {*self._early, self._expected} - {0}

    @property
    def has_hole(self) -> bool:
        """Whether something is missing: something came early and waits, or is expected."""
        return self.head is not None and (bool(self._early) or self._expected > self.head)

    def _next(self) -> Iterator[QueuedEvent]:
        if self.head is None:
            return
        while item := self._early.pop(self.head + 1, None):
            self.head += 1
            yield item
        if self._early and min(self._early) <= self.head:
            self._early = {seq: item for seq, item in self._early.items() if seq > self.head}
