"""Undoes the form of messages (context/envelope.py) where a model writes its own answer in it. Pure.

Small models do so when all that they have read looks like that: `[918,"14:02","bot (you)","It is on Friday."]`, at
times followed by what they think others will say.
"""

import json
import re

MAX_HELD = 20_000  # characters of a line that is read as a message

_BEGINNING = re.compile(r'\s*(?:\[\s*(?:\d+\s*(?:,\s*"?.*)?)?)?\Z', re.DOTALL)
_MESSAGE = re.compile(r'\s*\[\s*\d+\s*,\s*"')


class EnvelopeFilter:
    """`feed(piece)` for each piece of one answer, then `flush()`; both return what is its text."""

    def __init__(self, handle: str):
        self._handle = handle.lower()
        self._held = ""
        self._plain = False  # the answer is no imitation: nothing is held any more
        self._undone = False  # a message was read, so that others may follow

    def feed(self, piece: str) -> str:
        """Take the next piece, cut anywhere. Returns what can be shown; what may still be a form is held back."""
        if self._plain:
            return piece
        self._held += piece
        if _MESSAGE.match(self._held) and len(self._held) < MAX_HELD:
            return self._read_lines()
        if len(self._held) < 60 and _BEGINNING.match(self._held):
            return ""
        return self._give_up()

    def flush(self) -> str:
        """The answer is over: what was held back, without its form."""
        text = self._read_lines() if _MESSAGE.match(self._held) else ""
        return text + self._read_message(self._held)

    def _give_up(self) -> str:
        text, self._held = self._held, ""
        self._plain = True
        return text

    def _read_lines(self) -> str:
        """The texts of the whole messages in what is held; the last line may go on."""
        *lines, self._held = self._held.split("\n")
        return "".join(map(self._read_message, lines))

    def _read_message(self, line: str) -> str:
        """The text of one message, of the bot's own ones. What is none stays as it is."""
        if not line.strip():
            return ""
        try:
            message = json.loads(line)
        except ValueError:
            return line
        if not (
            isinstance(message, list) and len(message) >= 4 and all(isinstance(part, str) for part in message[1:4])
        ):
            return line
        before, self._undone = ("\n\n" if self._undone else ""), True
        author = message[2].split(" ")[0].lstrip("@").lower()
        return before + message[3] if author == self._handle else ""
