"""Whether a change of who is here was missed: found by numbers alone."""

import pytest

from rooms.realtime import presence_drift as module
from rooms.realtime.presence_drift import PresenceDrift


@pytest.fixture
def later(monkeypatch):
    """later(): from now on, whatever was told was told long ago."""
    return lambda: monkeypatch.setattr(module, "QUIET", -1.0)


def drift_after(*changes: tuple[int, int]) -> PresenceDrift:
    made = PresenceDrift()
    made.note_welcome(2)
    for count, step in changes:
        made.note_change(count, step)
    return made


def test_who_was_welcomed_and_heard_of_their_own_coming_missed_nothing(later):
    people = drift_after((2, 1), (3, 1), (2, -1))
    later()
    assert not people.is_suspect(2)


def test_a_change_that_is_missing_at_the_end_shows_after_a_while(later):
    people = drift_after((3, 1))
    assert not people.is_suspect(2)
    later()
    assert people.is_suspect(2)


def test_a_change_that_is_missing_in_between_shows_though_the_number_is_right_again(later):
    people = drift_after((3, 1), (3, 1))  # a `left` is missing
    assert not people.is_suspect(3)
    later()
    assert people.is_suspect(3)
    people.note_list(3)
    people.note_change(4, 1)
    assert not people.is_suspect(4)


def test_changes_that_came_in_another_order_are_none_missing(later):
    people = drift_after((2, 1), (4, 1), (3, 1), (5, 1))
    later()
    assert not people.is_suspect(5)


def test_a_last_change_that_was_overtaken_shows(later):
    people = drift_after((1, -1), (2, 1))  # the other way round
    later()
    assert people.is_suspect(1)


def test_a_room_where_nobody_was_told_a_number_is_left_alone(later):
    later()
    assert not PresenceDrift().is_suspect(5)
