"""Where in a bot's reply something stands that is blocked, while it is written: a reply may not say it either."""

import re

from rooms.services import block_lists

TAIL = 400  # characters before the end that are looked at with each piece
_WORD_ENDS = re.compile(r"\s+")


def find_blocked(room_id: int, tail: str, finished: bool) -> tuple[int, str] | None:
    """(position in the tail at which it begins, what is blocked); None: nothing is.

    tail: the last TAIL characters of the reply. finished: the last word is whole. No query: the lists are those that
    `block_lists.read_again` has read.
    """
    ends = [match.start() for match in _WORD_ENDS.finditer(tail)] + ([len(tail)] if finished else [])
    if not ends or not (found := block_lists.find(room_id, tail[: ends[-1]])):
        return None
    end = next(each for each in ends if block_lists.find(room_id, tail[:each]))
    starts = [0, *(each for each in ends if each < end)]
    return max(each for each in starts if block_lists.find(room_id, tail[each:end])), found
