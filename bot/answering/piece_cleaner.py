"""Text that a model sends in pieces, without what no database or screen takes."""

import re

from accounts.plain_text import strip_control_characters

_SURROGATES = re.compile(r"[\ud800-\udfff]")


class PieceCleaner:
    """Removes control characters, and halves of characters that stay alone. One for each text."""

    def __init__(self) -> None:
        self._pending_surrogate = ""  # the first half of a character that came in two pieces

    def clean(self, piece: str) -> str:
        """Take the next piece. The first half of a surrogate pair is held back until the second comes."""
        piece = (self._pending_surrogate + piece).replace("\r", "")  # a line break may come in two pieces
        self._pending_surrogate = ""
        if _SURROGATES.search(piece):
            if "\ud800" <= piece[-1] <= "\udbff":
                piece, self._pending_surrogate = piece[:-1], piece[-1]
            piece = piece.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return strip_control_characters(piece)
