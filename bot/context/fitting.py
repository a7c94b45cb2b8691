"""How much of what a model should read fits into its budget. Pure.

The question and what it answers come first, and whole if they can be. Some messages are sure to be there at
least in part, so that one long message never hides what it is about, or what was said last.
"""

from collections.abc import Iterable
from itertools import chain, islice, zip_longest

from .message_queries import Line

OVERHEAD = 25  # tokens for id, author and time of a message
LEAST = 75  # tokens, with these: less of a long message is not worth sending
SURE = 4  # messages above the question, and as many of the newest, that are never left out
SHARE = 16  # what is kept for each of them: this part of the budget
MARK = "\n[…]\n"


def estimate(text: str) -> int:
    """Tokens of a text: three bytes each, which is more than most texts have in most languages."""
    return len(text.encode()) // 3 + 1


def fit(budget: int, thread: list[Line], beside: Iterable[Line], latest: Iterable[Line]) -> tuple[list[Line], int]:
    """What is sent, by id, and its tokens, which are within the budget.

    thread: the question, then what it answers, nearest first. beside: what else was said there. latest: newest first.
    """
    rest = iter(latest)
    newest = list(islice(rest, SURE))
    kept = _kept(budget, thread[1:], newest)
    taken: dict[int, Line] = {}
    free = budget - sum(kept.values())
    for lines, share in ((thread, 1), (beside, 2), (chain(newest, rest), 2)):
        for line in lines:
            if line.id in taken:
                continue
            mine = kept.pop(line.id, 0)
            free += mine
            most = min(free, max(free // share, mine, LEAST))
            if _cost(line) > most < LEAST:
                if taken:
                    break
                most = LEAST  # the question, in a budget of next to nothing
            taken[line.id] = line = _cut(line, most)
            free -= _cost(line)
    return sorted(taken.values()), sum(map(_cost, taken.values()))


def _kept(budget: int, above: list[Line], newest: list[Line]) -> dict[int, int]:
    """Id → tokens that nothing else may take; half of the budget at most."""
    kept: dict[int, int] = {}
    for line in filter(None, chain(*zip_longest(above[:SURE], newest))):
        part = min(_cost(line), max(LEAST, budget // SHARE))
        if sum(kept.values()) + part <= budget // 2:
            kept[line.id] = part
    return kept


def _cost(line: Line) -> int:
    return estimate(line.text) + OVERHEAD


def _cut(line: Line, most: int) -> Line:
    """The beginning and the end of a message that is too long."""
    if _cost(line) <= most:
        return line
    data = line.text.encode()
    half = (3 * (most - OVERHEAD) - 1 - len(MARK.encode())) // 2
    return line._replace(text=data[:half].decode(errors="ignore") + MARK + data[-half:].decode(errors="ignore"))
