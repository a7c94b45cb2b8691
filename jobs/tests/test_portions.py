"""Long jobs leave the database to others: small portions, and rests in proportion to how long each held it."""

import pytest
from django.db import connection, transaction

from jobs import portions
from jobs.portions import Pace

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    """Time that passes when somebody sleeps, and when it is said to."""

    def __init__(self):
        self.now, self.slept = 1000.0, []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(portions, "time", found)
    return found


@pytest.fixture
def sqlite(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")


def portion(clock: Clock, pace: Pace, seconds: float, after: float = 0.0) -> None:
    """after: what is done when it is committed."""
    with pace.transaction():
        transaction.on_commit(lambda: clock.sleep(after))
        clock.now += seconds


def test_a_portion_that_held_the_database_for_long_is_followed_by_a_smaller_one(clock, sqlite):
    pace = Pace(200)
    sizes = []
    for _time in range(6):
        portion(clock, pace, pace.size * 0.00005 + 0.0005)
        sizes.append(pace.size)
    assert sizes == [100, 50, 50, 50, 50, 50]  # between once and twice HELD it stays
    for _time in range(20):
        portion(clock, pace, 1.0)
    assert pace.size == 50
    for _time in range(40):
        portion(clock, pace, 0.0)
    assert pace.size == 200


def test_the_rest_is_longer_the_longer_others_could_not_write(clock, sqlite):
    pace = Pace(100)
    for held, rest in ((0.001, 0.019), (0.002, 0.038), (3.0, Pace.LONGEST_REST)):
        portion(clock, pace, held)
        pace.rest()
        assert clock.slept[-1] == pytest.approx(rest)


def test_what_is_done_after_the_commit_is_part_of_the_rest(clock, sqlite):
    pace = Pace(100)
    portion(clock, pace, 0.001, after=0.012)
    pace.rest()
    assert clock.slept == pytest.approx([0.012, 0.007]) and pace.size == 100
    portion(clock, pace, 0.001, after=5.0)
    pace.rest()
    assert clock.slept[-1] == 0


def test_where_many_write_at_once_portions_stay_large(clock, monkeypatch):
    monkeypatch.setattr(connection, "vendor", "postgresql")
    pace = Pace(100)
    portion(clock, pace, 1.0)
    pace.rest()
    assert (pace.size, clock.slept[-1]) == (100, pytest.approx(Pace.SHORT_REST))


def test_a_portion_that_fails_changes_nothing(clock, sqlite):
    pace = Pace(100)
    with pytest.raises(ValueError), pace.transaction():
        clock.now += 1.0
        raise ValueError
    pace.rest()
    assert (pace.size, clock.slept) == (100, [0.0])


def test_it_ends_when_nothing_is_left_and_when_others_should_have_a_turn(clock, sqlite):
    pace, left = Pace(100), [1, 2, 3]
    assert pace.run(lambda pace: left and left.pop()) is False and left == []

    def endless(pace: Pace) -> bool:
        portion(clock, pace, 0.1)
        return True

    assert pace.run(endless) is True
