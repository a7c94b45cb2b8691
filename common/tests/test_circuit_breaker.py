import math

import pytest

from common.circuit_breaker import CircuitBreaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_it_is_open_for_its_pause_after_a_failure(clock):
    breaker = CircuitBreaker(5, clock=clock)
    assert not breaker.open and breaker.seconds_left == 0
    breaker.trip()
    clock.now += 4.5
    assert breaker.open and breaker.seconds_left == 0.5
    clock.now += 0.5
    assert not breaker.open and breaker.seconds_left == 0
    clock.now += 1
    assert not breaker.open and breaker.seconds_left == 0


def test_a_failure_while_it_is_open_begins_the_pause_again(clock):
    breaker = CircuitBreaker(5, clock=clock)
    breaker.trip()
    clock.now += 3
    breaker.trip()
    clock.now += 4
    assert breaker.open and breaker.pause == 5


def test_the_pause_doubles_up_to_the_longest_until_it_is_reset(clock):
    breaker = CircuitBreaker(0.25, 1.5, clock)
    pauses = []
    for _ in range(5):
        breaker.trip()
        pauses.append((breaker.pause, breaker.seconds_left))
        clock.now += breaker.pause
        assert not breaker.open
    assert pauses == [(0.25, 0.25), (0.5, 0.5), (1.0, 1.0), (1.5, 1.5), (1.5, 1.5)]
    breaker.reset()
    assert breaker.pause == 0
    breaker.trip()
    assert breaker.pause == 0.25


def test_a_reset_closes_it_at_once(clock):
    breaker = CircuitBreaker(5, clock=clock)
    breaker.trip()
    breaker.reset()
    assert not breaker.open and breaker.seconds_left == 0


def test_without_end_it_waits_for_a_probe(clock):
    breaker = CircuitBreaker(math.inf, clock=clock)
    for _ in range(2):
        breaker.trip()
        clock.now += 1e9
        assert breaker.open
    breaker.reset()
    assert not breaker.open
