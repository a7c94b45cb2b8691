"""Whether an answer is as a case expects. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from .cases import Case
from .languages import detect

_PLACEHOLDER = re.compile(r"\{(date|weekday|time) (\d+)\}")
_FORMATS = {"date": "%Y-%m-%d", "weekday": "%A", "time": "%H:%M"}
_CITED = re.compile(r"\]\([^()\s]*#m(\d+)\)")


@dataclass(frozen=True, slots=True)
class Answer:
    """cited: numbers of messages of the case. note: what stands under the reply, e.g. why it failed."""

    text: str
    done: bool
    is_private: bool
    cited: frozenset[int]
    note: str = ""


def cited_numbers(text: str, ids: Sequence[int]) -> frozenset[int]:
    """Numbers of the messages that a finished reply links to; 0 for any other. ids: of the messages, in order."""
    numbers = {id: number for number, id in enumerate(ids, 1)}
    return frozenset(numbers.get(int(id), 0) for id in _CITED.findall(text))


def problems(case: Case, answer: Answer, times: Sequence[datetime]) -> list[str]:
    """What is wrong with an answer; nothing when it passes. times: of the messages, in order."""
    if not answer.done:
        return [f"it failed: {answer.note}"]
    if not answer.text.strip():
        return ["it is empty"]
    return [*_wrong_words(case, answer, times), *_wrong_form(case, answer)]


def _wrong_words(case: Case, answer: Answer, times: Sequence[datetime]) -> Iterator[str]:
    text, expect = answer.text.casefold(), case.expect
    for each in expect.contains:
        wanted = [_filled(word, times) for word in ([each] if isinstance(each, str) else each)]
        if not any(word.casefold() in text for word in wanted):
            yield f"it does not contain {' or '.join(map(repr, wanted))}"
    for each in expect.excludes:
        if (word := _filled(each, times)).casefold() in text:
            yield f"it contains {word!r}"
    for pattern in expect.matches:
        if not re.search(pattern, answer.text, re.IGNORECASE):
            yield f"it does not match {pattern!r}"


def _wrong_form(case: Case, answer: Answer) -> Iterator[str]:
    expect = case.expect
    for number in expect.cites:
        if number not in answer.cited:
            yield f"it does not cite message {number}"
    if expect.cites_only and (others := answer.cited - set(expect.cites)):
        yield f"it cites other messages: {', '.join(map(str, sorted(others)))}"
    if expect.language and (found := detect(answer.text)) != expect.language:
        yield f"its language is {found or 'unknown'}, not {expect.language}"
    if expect.max_words and (count := len(answer.text.split())) > expect.max_words:
        yield f"it has {count} words, more than {expect.max_words}"
    if expect.private != answer.is_private:
        yield "it is not in the direct message" if expect.private else "it is in the direct message"


def _filled(text: str, times: Sequence[datetime]) -> str:
    return _PLACEHOLDER.sub(lambda match: f"{times[int(match[2]) - 1]:{_FORMATS[match[1]]}}", text)
