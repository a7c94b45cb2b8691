"""Removes characters that can neither be typed nor seen. Pure functions for every app."""

import re
import unicodedata

MAX_COMBINING_MARKS, _GRAPHEME_JOINER = 30, "\u034f"
_LINE_BREAKS = re.compile("\r\n?|[\x0b\x85\u2028\u2029]")  # from other systems and word processors
# Control characters except tab and line feed, surrogates, the byte order mark, interlinear annotation marks and
# noncharacters.
_CONTROL_CHARACTERS = re.compile(
    "[\x00-\x08\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
# Tag characters are invisible letters that a model reads and a person does not. They are valid only in regional flags.
_TAGS = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f)|[\U000e0000-\U000e007f]")

# They reverse the words beside a name or a status. In a message their effect ends with the line.
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """The text with "\n" as its only line break, and without invisible characters that nobody typed.

    Such characters come with text pasted from a terminal, a PDF or a word processor. Everything else is unchanged.
    """
    return _TAGS.sub(r"\1", strip_control_characters(text))


def strip_control_characters(text: str) -> str:
    """Like `clean`, for a piece of a text that may begin or end inside a flag: tag characters stay."""
    return _CONTROL_CHARACTERS.sub("", _LINE_BREAKS.sub("\n", text))


def clean_line(text: str) -> str:
    """Like `clean`, on one line and with single spaces."""
    return " ".join(clean(text).split())


def nfc(text: str) -> str:
    """The text in Unicode normal form C, in time linear in its length.

    Python sorts the combining marks after a letter in quadratic time: 2 s for 32,000 marks. So an invisible combining
    grapheme joiner is inserted after every 30 marks, as in Unicode's stream-safe text format (UAX #15). No real text
    has so many.
    """
    return unicodedata.normalize("NFC", _stream_safe(text))


def _stream_safe(text: str) -> str:
    if text.isascii() or not any(
        map(unicodedata.combining, text[::MAX_COMBINING_MARKS])
    ):  # a longer run would include one of these
        return text
    pieces, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks > MAX_COMBINING_MARKS:
            pieces.append(_GRAPHEME_JOINER)
            marks = 1
        pieces.append(char)
    return "".join(pieces)
