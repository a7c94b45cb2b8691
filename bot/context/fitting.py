"""How much of what a model should read fits into its budget. Pure.

The question and what it answers come first, and whole if they can be. Some messages are sure to be there at
least in part, so that one long message never hides what it is about, or what was said last.
"""

from collections.abc import Iterable
from itertools import chain, islice, zip_longest

from .message_queries import PromptMessage

OVERHEAD = 25  # tokens for id, author and time of a message
MIN_TOKENS = 75  # tokens, with these: less of a long message is not worth sending
GUARANTEED = 4  # messages above the question, and as many of the newest, that are never left out
GUARANTEED_SHARE = 16  # what is kept for each of them: this part of the budget
MARK = "\n[…]\n"


def estimate_tokens(text: str) -> int:
    """Tokens of a text: three bytes each, which is more than most texts have in most languages."""
    return len(text.encode()) // 3 + 1


def fit(
    budget: int, thread: list[PromptMessage], beside: Iterable[PromptMessage], latest: Iterable[PromptMessage]
) -> tuple[list[PromptMessage], int]:
    """What is sent, by id, and its tokens, which are within the budget.

    thread: the question, then what it answers, nearest first. beside: what else was said there. latest: newest first.
    """
    rest = iter(latest)
    newest = list(islice(rest, GUARANTEED))
    kept = _guaranteed_tokens(budget, thread[1:], newest)
    taken: dict[int, PromptMessage] = {}
    free = budget - sum(kept.values())
    for lines, share in ((thread, 1), (beside, 2), (chain(newest, rest), 2)):
        for message in lines:
            if message.id in taken:
                continue
            mine = kept.pop(message.id, 0)
            free += mine
            most = min(free, max(free // share, mine, MIN_TOKENS))
            if _cost(message) > most < MIN_TOKENS:
                if taken:
                    break
                most = MIN_TOKENS  # the question, in a budget of next to nothing
            taken[message.id] = message = _truncate(message, most)
            free -= _cost(message)
    return sorted(taken.values()), sum(map(_cost, taken.values()))


def _guaranteed_tokens(budget: int, above: list[PromptMessage], newest: list[PromptMessage]) -> dict[int, int]:
    """Id → tokens that nothing else may take; half of the budget at most."""
    kept: dict[int, int] = {}
    for message in filter(None, chain(*zip_longest(above[:GUARANTEED], newest))):
        part = min(_cost(message), max(MIN_TOKENS, budget // GUARANTEED_SHARE))
        if sum(kept.values()) + part <= budget // 2:
            kept[message.id] = part
    return kept


def _cost(message: PromptMessage) -> int:
    return estimate_tokens(message.text) + OVERHEAD


def _truncate(message: PromptMessage, most: int) -> PromptMessage:
    """The beginning and the end of a message that is too long."""
    if _cost(message) <= most:
        return message
    data = message.text.encode()
    half = (3 * (most - OVERHEAD) - 1 - len(MARK.encode())) // 2
    return message._replace(text=data[:half].decode(errors="ignore") + MARK + data[-half:].decode(errors="ignore"))
