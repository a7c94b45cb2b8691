"""Who is refused at the door, and until when."""

import pytest

from rooms.realtime import connection_limits as module
from rooms.realtime.connection_limits import ConnectionLimiter

BLOCK, ELSEWHERE = "203.0.113.7", "2001:db8::/64"


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def admission(settings, clock):
    settings.MAX_CONNECTIONS_PER_ADDRESS, settings.MAX_SOCKETS_PER_USER = 1000, 20
    return ConnectionLimiter()


def test_an_office_of_a_thousand_comes_back_at_once(admission, clock):
    assert [admission.check_address(BLOCK) for _ in range(1000)] == [0] * 1000
    assert all(module.SHORTEST_WAIT <= admission.check_address(BLOCK) <= 2 * module.SHORTEST_WAIT for _ in range(50))
    assert admission.check_address(ELSEWHERE) == 0
    assert admission.refused == {"address": 50}
    clock.now += module.REFILL_SECONDS / 10
    assert 99 <= sum(admission.check_address(BLOCK) == 0 for _ in range(300)) <= 101
    clock.now += module.REFILL_SECONDS
    assert admission.check_address(BLOCK) == 0


def test_waits_are_spread(admission):
    for _ in range(1000):
        admission.check_address(BLOCK)
    assert len({admission.check_address(BLOCK) for _ in range(100)}) > 90


def test_long_waits_are_spread_over_as_long_again(admission, clock, monkeypatch):
    for _ in range(3):
        admission.count_offence("too_many_frames", 7, BLOCK)
    waits = []
    for drawn in (1, 2):
        monkeypatch.setattr(module.random, "uniform", lambda least, most, drawn=drawn: {1: least, 2: most}[drawn])
        waits.append(admission.check_offences(7))
    assert waits[0] > module.OFFENCE_SECONDS / 2 and waits[1] == 2 * waits[0]


def test_an_account_opens_all_its_sockets_a_few_times(admission, clock):
    answers = [admission.check_account(7) for _ in range(100)]
    assert answers.count(0) == 60 and answers[:60] == [0] * 60
    assert admission.check_account(8) == 0
    clock.now += 20
    assert [admission.check_account(7) for _ in range(20)] == [0] * 20
    assert admission.check_account(7) > 0


def test_an_account_whose_sockets_were_closed_is_refused_for_a_while(admission, clock):
    refused = [admission.count_offence("too_many_frames", 7, BLOCK) for _ in range(3)]
    assert refused == [False, False, True]
    wait = admission.check_offences(7)
    assert wait > module.OFFENCE_SECONDS / 2
    assert admission.check_offences(8) == 0 and admission.check_address(BLOCK) == 0
    assert admission.refused == {"offences": 1} and admission.closed == {"too_many_frames": 3}
    clock.now += module.OFFENCE_SECONDS + 1
    assert admission.check_offences(7) == 0


def test_an_address_from_which_many_accounts_are_closed_is_refused_too(admission, clock):
    for account in range(module.BLOCK_OFFENCES):
        assert admission.check_address(BLOCK) == 0
        admission.count_offence("too_many_control_frames", account, BLOCK)
    assert admission.check_address(BLOCK) > 0
    assert admission.check_address(ELSEWHERE) == 0
    clock.now += 1.5 * module.BLOCK_OFFENCE_SECONDS  # makes up for one
    assert admission.check_address(BLOCK) == 0
    for account in (1, 2):
        admission.count_offence("too_many_control_frames", account, BLOCK)
    assert admission.check_address(BLOCK) > 0


def test_who_is_refused_and_goes_on_is_no_longer_told_why(admission):
    for _ in range(1000):
        admission.check_address(BLOCK)
    assert not admission.is_overrun_by(BLOCK)
    for _ in range(1000):
        admission.check_address(BLOCK)
    assert admission.is_overrun_by(BLOCK) and not admission.is_overrun_by(ELSEWHERE)


def test_what_is_kept_for_staff_is_bounded(admission):
    for _ in range(3):
        admission.count_offence("too_many_frames", 7, BLOCK)
    for account in range(100, 5000):
        admission.count_offence("too_many_frames", account, f"2001:db8:0:{account:x}::/64")
    assert len(admission.offenders) <= module.REMEMBERED + 2
    assert admission.offenders["account 7"] == 3


def test_the_few_offenders_that_there_are_stay_remembered(admission, monkeypatch):
    monkeypatch.setattr(module, "REMEMBERED", 6)
    for user_id in (1, 2, 3):
        admission.count_offence("too_many_frames", user_id, BLOCK)
    assert admission.offenders == {"account 1": 1, "account 2": 1, "account 3": 1, f"address {BLOCK}": 3}
