"""What stands under a bot's reply: why it failed, who stopped it, what was looked up.

A note is stored as reasons with parameters and read in each reader's language. Beside them stands a text in the
server's language, for programs that know no reasons. Other apps register their sentences.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from common.sentences import Sentence

MAX_TEXT = 300  # characters
_BETWEEN = "; "  # static/js/lib/texts.js has the same

NOTES: dict[str, Sentence] = {}


def register(sentences: dict[str, Sentence]) -> None:
    """Add reasons for notes. Raises ValueError."""
    for reason, sentence in sentences.items():
        if reason in NOTES:
            raise ValueError(f"there is a note {reason} already")
        NOTES[reason] = sentence


@dataclass(frozen=True, slots=True)
class Note:
    """text: in the server's language, at most MAX_TEXT characters; empty when there is nothing to say.

    reasons: what it says, each {"reason": a key of NOTES, "params": what its sentence names}. Empty when only the text
    is known, as in rows of earlier versions.
    """

    text: str = ""
    reasons: tuple[dict[str, Any], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text)

    def to_json(self) -> dict[str, Any] | None:
        """What is stored beside the text. It repeats the text: a version that knows no reasons changes that alone."""
        return {"text": self.text, "reasons": list(self.reasons)} if self.reasons else None

    def sentence(self) -> str:
        """In the active language; the text when this version does not know all reasons."""
        known = [(NOTES.get(each["reason"]), each["params"]) for each in self.reasons]
        found = [sentence.text(params) for sentence, params in known if sentence]
        return _BETWEEN.join(found) if found and len(found) == len(known) else self.text


NO_NOTE = Note()


def note(reason: str, **params: Any) -> Note:
    """A note with one reason. Raises KeyError and TypeError unless NOTES has it with these parameters."""
    NOTES[reason].check(reason, params)
    with translation.override(settings.LANGUAGE_CODE):
        return Note(NOTES[reason].text(params)[:MAX_TEXT], ({"reason": reason, "params": params},))


def join(notes: list[Note]) -> Note:
    """All of them as one."""
    text = _BETWEEN.join(each.text for each in notes)
    return Note(text[:MAX_TEXT], tuple(reason for each in notes for reason in each.reasons))


def load(text: str, stored: dict[str, Any] | None) -> Note:
    """From a row. stored: of `to_json`; left aside when it belongs to another text."""
    return Note(text, tuple(stored["reasons"])) if stored and stored["text"] == text else Note(text)
