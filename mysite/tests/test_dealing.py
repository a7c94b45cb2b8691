"""Each process that shares a run of tests begins with long ones."""

import pytest

from testing.dealing import dealt


@pytest.mark.parametrize("processes", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("long", [set(), {3}, {90, 91, 92, 93, 94}, set(range(100)), set(range(0, 100, 3))])
def test_long_tests_are_dealt_out(processes, long):
    items = list(range(100))
    order = dealt(items, processes, lambda item: item in long)
    assert sorted(order) == items
    begin = 0
    for number in range(processes):  # as pytest-xdist divides them
        size = (100 - begin) // (processes - number)
        theirs = order[begin : begin + size]
        count = sum(item in long for item in theirs)
        assert all(item in long for item in theirs[:count])
        assert abs(count - len(long) / processes) < 1
        begin += size
    assert [item for item in order if item not in long] == [item for item in items if item not in long]


def test_more_processes_than_tests():
    assert dealt([1, 2], 5, lambda item: item == 2) in ([1, 2], [2, 1])
