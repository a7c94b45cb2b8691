"""In which order the processes of pytest-xdist get their tests."""

from itertools import islice


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
