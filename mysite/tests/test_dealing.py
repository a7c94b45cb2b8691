"""Each process that shares a run of tests begins with long ones, or takes them as they come."""

from itertools import groupby
from types import SimpleNamespace

import pytest

from testing.dealing import dealt, shuffled


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


def test_a_random_order_is_one_of_files_and_of_their_tests():
    items = [SimpleNamespace(path=f"{file}.py", nodeid=f"{file}.py::{test}") for file in "abcdef" for test in "12345"]
    one, same, other = shuffled(items, 1), shuffled(items[::-1], 1), shuffled(items, 2)
    assert one == same != other
    for found in (one, other):
        files = [(path, [each.nodeid for each in tests]) for path, tests in groupby(found, lambda each: each.path)]
        assert len(files) == 6 and sorted(files) != files
        assert all(len(tests) == 5 for _path, tests in files) and any(sorted(tests) != tests for _path, tests in files)
