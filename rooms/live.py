"""The text so far of bot replies that are being written, put together from their deltas.

A process may begin to listen in the middle of a reply. The database has the text of up to a second ago; deltas
that start beyond it are kept until a later reading closes the hole, so that readers only ever see whole texts.
"""


class LiveReply:
    """One reply. Positions are code points, as on the wire."""

    def __init__(self, text: str = ""):
        self.text = text
        self._ahead: list[tuple[int, str]] = []

    def add(self, at: int, piece: str) -> tuple[int, str] | None:
        """Take a delta; returns what may be told to readers, as (at, text), or None when there is a hole before it."""
        if at > len(self.text):
            self._ahead.append((at, piece))
            return None
        return self._extend(piece[len(self.text) - at :])

    def catch_up(self, saved: str) -> tuple[int, str] | None:
        """Take the text that the database has; returns what readers do not have yet, or None when nothing is new."""
        new = saved[len(self.text) :] if saved.startswith(self.text) else ""
        return self._extend(new)

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
