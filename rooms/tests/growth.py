"""Whether what is done with a text takes time that grows faster than its length."""

import cProfile
import gc
import time
from collections.abc import Callable

SIZES = (2000, 8000)  # characters
# The time for each character of the longest text against that of the shortest: 1 where the time grows with the length,
# 4 where it grows with the square.
DEARER = 2
TRIES = 8  # a busy machine makes one text seem dear now and then, but not the longest alone each time


def grows_too_fast(act: Callable[[str], object], make: Callable[[int], str], sizes: tuple[int, ...] = SIZES) -> str:
    """The seconds for each size, in words, when that is so each time it is tried; else nothing."""
    texts, found = [make(size) for size in sizes], []
    act(make(200))
    for _ in range(TRIES):
        found = [seconds(act, text) for text in texts]
        costs = [taken / len(text) for taken, text in zip(found, texts, strict=True)]
        if costs[-1] < DEARER * costs[0]:
            return ""
    return f"{found} s for {texts[0][:80]!r}…"


def seconds(act: Callable[[str], object], text: str) -> float:
    """Of the processor, for this thread alone."""
    gc.disable()  # what other tests left is not looked through meanwhile
    try:
        began = time.thread_time()
        act(text)
        return time.thread_time() - began
    finally:
        gc.enable()


def calls(act: Callable[[str], object], text: str) -> int:
    """How many functions are called, which depends on no machine."""
    profile = cProfile.Profile()
    profile.runcall(act, text)
    return sum(entry.callcount for entry in profile.getstats())
