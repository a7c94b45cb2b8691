"""In which order the processes of pytest-xdist get their tests."""

import random
from itertools import groupby, islice
from operator import attrgetter

SEED = "ROUNDTABLE_RANDOM_ORDER"  # set by --random-order, for the processes of all suites


def dealt(items: list, processes: int, is_long) -> list:
    """Long tests are each process's first, so that none is left with one in the end.

    pytest-xdist gives each process a run of tests, as many as any other, and lets whoever is done take over the last of
    what others have: sorted by length alone, all long ones would be one process's.
    """
    long, others = [item for item in items if is_long(item)], iter([item for item in items if not is_long(item)])
    found: list = []
    for number in range(processes):
        mine = long[number::processes]
        share = (len(items) - len(found)) // (processes - number)
        found += [*mine, *islice(others, max(share - len(mine), 0))]
    return [*found, *others]


def shuffled(items: list, seed: int) -> list:
    """Files in a random order, and the tests of each: those of one file stay together, as they may share what takes
    long to make. Every process that knows the seed finds the same order."""
    chance = random.Random(seed)  # noqa: S311
    files = [list(tests) for _path, tests in groupby(sorted(items, key=attrgetter("nodeid")), attrgetter("path"))]
    chance.shuffle(files)
    for tests in files:
        chance.shuffle(tests)
    return [test for tests in files for test in tests]
