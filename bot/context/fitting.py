"""How much of what a model should read fits into its budget. Pure.

A provider reads again only what is new: the beginning of a prompt that it has read before costs a tenth. So the window
of messages begins at the same message from one question to the next, and each message is cut by its length alone. When
it is full it is begun anew with half of it.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

from .message_queries import PromptMessage

OVERHEAD = 20  # tokens for id, author and time of a message
MIN_TOKENS = 75  # tokens, with these: less of a long message is not worth sending
GUARANTEED = 4  # messages above the question that are never left out
GUARANTEED_SHARE = 16  # what is kept for each of them: this part of the budget
LONGEST_SHARE = 4  # the longest part of the window that one message may take
MARK = "\n[…]\n"

_DENSE = bytes(byte for byte in range(128) if not chr(byte).isalpha() and chr(byte) != " ")
_ASCII = bytes(range(128))
_BEGINS_FOUR = bytes(range(0xF0, 0x100))


def estimate_tokens(text: str) -> int:
    """Tokens of a text, on the high side: a word's letters share one, digits, punctuation and line breaks seldom do.

    Beside the tokenizer of SmolLM2, whose small vocabulary needs many: prose 1.0 to 1.6 times as many, code 1.6, logs
    and addresses 1.0, JSON 1.4, emoji 1.3.
    """
    data = text.encode()
    if data.isascii():
        dense = len(data) - len(data.translate(None, _DENSE))
        return int((len(data) - dense) / 3 + dense * 1.1) + 1
    other = data.translate(None, _ASCII)
    dense = len(data) - len(data.translate(None, _DENSE))
    four = len(other) - len(other.translate(None, _BEGINS_FOUR))  # emoji: about a token a byte
    letters = len(data) - len(other) - dense
    return int(letters / 3 + dense * 1.1 + (len(other) - 4 * four) / 1.7 + 4 * four) + 1


def fit_window(budget: int, latest: Iterable[PromptMessage], begin: int, limit: int) -> tuple[list[PromptMessage], int]:
    """The newest messages that are sent, oldest first, and the id of the first: 0 when all fit.

    latest: newest first. begin: where the last window began; this one does too, unless that has become too much.
    limit: how many messages it may have.
    """
    taken: list[PromptMessage] = []
    used = half = 0
    for message in latest:
        message, tokens = _truncate(message, max(budget // LONGEST_SHARE, MIN_TOKENS))
        used += tokens
        if used > budget or len(taken) == limit:
            return _begin_window(taken, begin, min(half, limit // 2))
        taken.append(message)
        half = len(taken) if used <= budget / 2 else half
    return taken[::-1], 0


def _begin_window(taken: list[PromptMessage], begin: int, half: int) -> tuple[list[PromptMessage], int]:
    if taken and begin and taken[-1].id <= begin:
        kept = [message for message in taken if message.id >= begin]
    else:
        kept = taken[:half]
    return kept[::-1], kept[-1].id if kept else 0


def fit_thread(budget: int, thread: Sequence[PromptMessage], beside: Iterable[PromptMessage]) -> list[PromptMessage]:
    """What is sent of the question and its thread, by id; their tokens are within the budget.

    thread: the question, then what it answers, nearest first. beside: what else was said there. The question comes
    first, and whole if it can be. Some of what it answers is sure to be there at least in part.
    """
    kept = _guaranteed_tokens(budget, thread[1:])
    taken: dict[int, PromptMessage] = {}
    free = budget - sum(kept.values())
    for message, share in chain(((message, 1) for message in thread), ((message, 2) for message in beside)):
        if message.id in taken:
            continue
        mine = kept.pop(message.id, 0)
        free += mine
        most = min(free, max(free // share, mine, MIN_TOKENS))
        if cost(message) > most < MIN_TOKENS:
            if taken:
                break
            most = MIN_TOKENS  # the question, in a budget of next to nothing
        taken[message.id], tokens = _truncate(message, most)
        free -= tokens
    return sorted(taken.values())


def _guaranteed_tokens(budget: int, above: Sequence[PromptMessage]) -> dict[int, int]:
    """Id → tokens that nothing else may take; half of the budget at most."""
    kept: dict[int, int] = {}
    for message in above[:GUARANTEED]:
        part = min(cost(message), max(MIN_TOKENS, budget // GUARANTEED_SHARE))
        if sum(kept.values()) + part <= budget // 2:
            kept[message.id] = part
    return kept


def cost(message: PromptMessage) -> int:
    """Tokens of a message in the prompt, an estimate on the high side."""
    return estimate_tokens(message.text) + OVERHEAD


def _truncate(message: PromptMessage, most: int) -> tuple[PromptMessage, int]:
    """The beginning and the end of a message that costs more than `most` tokens; and what that costs."""
    total = cost(message)
    if total <= most:
        return message, total
    length = len(message.text)
    half = max(0, int(length * (most - OVERHEAD - 8) / (total - OVERHEAD)) // 2)
    while True:
        text = message.text[:half] + MARK + message.text[length - half :]
        shorter = message._replace(text=text)
        if (tokens := cost(shorter)) <= most or not half:
            return shorter, tokens
        half = half * 9 // 10
