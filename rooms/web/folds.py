"""Folds messages in a row behind one line that opens them: those of blocked people, and notices that repeat.

static/js/timeline/folds.js continues them in the browser, by the same rule.
"""

from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from .js_strings import client_texts
from .notice_runs import RUN_WINDOW, NoticeOfPerson, run_text

_PLACEHOLDER = "\0"  # marks in a rendered template where the content goes; no text contains it


class Foldable(NamedTuple):
    sender_id: int
    created: datetime
    notice: NoticeOfPerson | None  # None: a message by a blocked person

    def joins(self, last: "Foldable") -> bool:
        if not self.notice or not last.notice:
            return self.notice is last.notice
        same = (self.sender_id, self.notice.reason) == (last.sender_id, last.notice.reason)
        return same and self.created - last.created < RUN_WINDOW


class FoldedLog:
    """The HTML of messages in order. `add` ends a fold, `add_foldable` begins or extends it, `add_unseen` neither."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._run: list[tuple[Foldable, str]] = []

    def add(self, html: str) -> None:
        """A message that is shown. It ends the fold before it."""
        self._end_fold()
        self._pieces.append(html)

    def add_foldable(self, foldable: Foldable, html: str) -> None:
        """A message to fold. It joins the open fold if it fits, and otherwise begins a new one."""
        if self._run and not foldable.joins(self._run[-1][0]):
            self._end_fold()
        self._run.append((foldable, html))

    def add_unseen(self, html: str) -> None:
        """A message that takes no space on the page, and so does not end a fold."""
        self._pieces.append(html)

    def html(self) -> SafeString:
        """Everything so far. Ends the fold that is open."""
        self._end_fold()
        return mark_safe("".join(self._pieces))  # noqa: S308 - all of it comes from templates

    def _end_fold(self) -> None:
        if self._run:
            run, self._run = self._run, []
            before, after = _around([foldable for foldable, _html in run])
            self._pieces += [before, *(html for _foldable, html in run), after]


def _around(run: list[Foldable]) -> tuple[str, str]:
    """The HTML before and after folded messages; empty for a single notice, which is not folded."""
    said = [foldable.notice for foldable in run if foldable.notice]
    if said:
        return _fold(run_text(said), of_notices=True) if len(said) > 1 else ("", "")
    texts = client_texts()
    several = len({foldable.sender_id for foldable in run}) > 1
    text = texts["foldedSeveral"] if several else texts["folded"][len(run) > 1]
    return _fold(text.format(count=len(run)), of_notices=False)


def _fold(text: str, of_notices: bool) -> tuple[str, str]:
    before, between, after = _template(of_notices, get_language())
    return f"{before}{escape(text)}{between}", after


@cache
def _template(of_notices: bool, _language: str | None) -> tuple[str, str, str]:
    """The HTML before the text, between the text and the messages, and after the messages."""
    shown = {"text": _PLACEHOLDER, "of_notices": of_notices, "messages": _PLACEHOLDER}
    before, between, after = get_template("rooms/_fold.html").render(shown).split(_PLACEHOLDER)
    return before, between, after
