"""Text as its writer meant it: without what can neither be typed nor seen. Pure; for every app."""

import re
import unicodedata

MARKS, _JOINER = 30, "\u034f"
_LINE_BREAKS = re.compile("\r\n?|[\x0b\x85\u2028\u2029]")  # of other systems, and of word processors
# Control characters but tab and line feed, halves of characters, the mark at the beginning of a file, marks of
# annotations, and what is no character.
_UNSEEN = re.compile(
    "[\x00-\x08\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
# Tags are invisible letters, which a model reads and a person does not; only in flags of regions they mean anything.
_TAGS = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f)|[\U000e0000-\U000e007f]")

# They turn around the words that stand beside a name or a status. In a message they end with its line.
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """The text with one kind of line break, and without characters that nobody typed or can see.

    They come with what is pasted: from a terminal, a printout, a word processor. What stays is as it was.
    """
    return _TAGS.sub(r"\1", without_controls(text))


def without_controls(text: str) -> str:
    """The same for a piece of a text, which may begin or end within a flag."""
    return _UNSEEN.sub("", _LINE_BREAKS.sub("\n", text))


def clean_line(text: str) -> str:
    """The same on one line, with single spaces."""
    return " ".join(clean(text).split())


def nfc(text: str) -> str:
    """The text in normal form C, in time that grows with its length.

    Python sorts the combining marks behind a letter in a time that grows with their square: 2 s for 32,000. After each
    30 of them a combining grapheme joiner is put, which nobody sees and no real text needs: the stream-safe text format
    of Unicode (UAX #15).
    """
    return unicodedata.normalize("NFC", _stream_safe(text))


def _stream_safe(text: str) -> str:
    if text.isascii() or not any(map(unicodedata.combining, text[::MARKS])):  # so many in a row would be met there
        return text
    pieces, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks > MARKS:
            pieces.append(_JOINER)
            marks = 1
        pieces.append(char)
    return "".join(pieces)
