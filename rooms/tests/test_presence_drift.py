"""Whether a change of who is here was missed: found by numbers alone."""

import pytest

from rooms.realtime import presence_drift as module
from rooms.realtime.presence_drift import HeadCount


@pytest.fixture
def later(monkeypatch):
    """later(): from now on, whatever was told was told long ago."""
    return lambda: monkeypatch.setattr(module, "QUIET", -1.0)


def head_count(*changes: tuple[int, int]) -> HeadCount:
    made = HeadCount()
    made.welcomed(2)
    for count, step in changes:
        made.changed(count, step)
    return made


def test_who_was_welcomed_and_heard_of_their_own_coming_missed_nothing(later):
    people = head_count((2, 1), (3, 1), (2, -1))
    later()
    assert not people.doubtful(2)


def test_a_change_that_is_missing_at_the_end_shows_after_a_while(later):
    people = head_count((3, 1))
    assert not people.doubtful(2)
    later()
    assert people.doubtful(2)


def test_a_change_that_is_missing_in_between_shows_though_the_number_is_right_again(later):
    people = head_count((3, 1), (3, 1))  # a `left` is missing
    assert not people.doubtful(3)
    later()
    assert people.doubtful(3)
    people.listed(3)
    people.changed(4, 1)
    assert not people.doubtful(4)


def test_changes_that_came_in_another_order_are_none_missing(later):
    people = head_count((2, 1), (4, 1), (3, 1), (5, 1))
    later()
    assert not people.doubtful(5)


def test_a_last_change_that_was_overtaken_shows(later):
    people = head_count((1, -1), (2, 1))  # the other way round
    later()
    assert people.doubtful(1)


def test_a_room_where_nobody_was_told_a_number_is_left_alone(later):
    later()
    assert not HeadCount().doubtful(5)
