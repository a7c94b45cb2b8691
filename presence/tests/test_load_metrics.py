"""What a process measures of its own load."""

import asyncio
from types import SimpleNamespace

import pytest

from presence import load_metrics
from presence.load_metrics import LoopDelay, Sustained


def test_one_stall_of_the_loop_is_no_overload_but_many_are():
    delay = LoopDelay()
    for _ in range(100):
        delay.add_sample(0.001)
    delay.add_sample(0.6)  # which makes those wait for it who come in its first half
    assert not delay.is_too_long()
    for _ in range(4):
        delay.add_sample(0.3)
    assert delay.is_too_long()
    assert delay.p95() == 0.3


def test_a_loop_that_stands_still_is_overloaded_at_once():
    delay = LoopDelay()
    delay.add_sample(60.0)
    assert delay.is_too_long()
    assert delay.p95() > 50


async def test_what_is_measured_is_how_late_it_was(monkeypatch):
    delay, late = LoopDelay(), [0.0, 0.02, 0.5]
    clock = SimpleNamespace(now=100.0)

    async def sleep(seconds):
        if not late:
            raise asyncio.CancelledError
        clock.now += seconds + late.pop(0)

    monkeypatch.setattr(load_metrics, "asyncio", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(load_metrics, "time", SimpleNamespace(monotonic=lambda: clock.now))
    with pytest.raises(asyncio.CancelledError):
        await delay.measure()
    assert list(delay._late)[:2] == pytest.approx([0.0, 0.02], abs=1e-6)
    assert delay.p95() == pytest.approx(0.5)


def test_sustained_means_without_a_break():
    now = [0.0]
    busy = Sustained(5, lambda: now[0])
    heard = []
    for so in [True] * 5 + [False] + [True] * 7:
        heard.append(busy.update(so))
        now[0] += 1
    assert heard == [False] * 11 + [True] * 2
