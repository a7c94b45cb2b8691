"""Rates within one process."""

import pytest

from rooms.kernel.rate_counters import Rate, RateByKey, Window


def allowed(rate: Rate, now: float, tries: int) -> int:
    return sum(not rate.take(now) for _ in range(tries))


def test_a_window_counts_exactly():
    window = Window(3, seconds=10)
    assert [window.take(now) for now in (0, 1, 2)] == [0, 0, 0]
    assert window.take(4) == 6
    assert window.take(10) == 0
    assert window.take(10) == 1  # what was refused did not count


def test_a_burst_is_allowed_and_then_the_rate():
    rate = Rate(per_second=10, burst=50)
    assert allowed(rate, 100.0, 200) == 50
    assert allowed(rate, 101.0, 200) == 10
    assert allowed(rate, 101.05, 200) == 0
    assert allowed(rate, 1000.0, 200) == 50  # never more than a burst is saved up


def test_the_wait_that_is_told_is_enough():
    rate = Rate(per_second=3, burst=5)
    allowed(rate, 10.0, 5)
    wait = rate.wait(10.0)
    assert 0 < wait <= 1 / 3 + 1e-9
    assert rate.wait(10.0 + wait) == pytest.approx(0, abs=1e-9)


def test_what_is_larger_than_the_burst_waits_for_all_of_it_and_no_longer():
    rate = Rate(per_second=10, burst=50)
    assert rate.take(0.5, 80) == 0
    assert rate.take(0.5, 80) == pytest.approx(11)
    assert rate.take(8.5, 80) == 0


def test_each_key_has_a_rate_of_its_own():
    rates = RateByKey(per_second=1, burst=2)
    assert [rates.take("a", 5.0) for _ in range(2)] == [0, 0]
    assert rates.take("a", 5.0) == pytest.approx(1)
    assert rates.wait("a", 5.0) == pytest.approx(1)
    assert rates.take("b", 5.0) == 0
    assert rates.wait("c", 5.0) == 0


def test_memory_is_bounded_and_who_was_seen_lately_is_kept():
    rates = RateByKey(per_second=1, burst=1, keys=100)
    rates.take("attacker", 1.0)
    for n in range(10_000):
        rates.take(n, 1.0)
        if n % 50 == 0:
            assert rates.take("attacker", 1.0) > 0
    assert len(rates) == 100
