"""Numbered events come out in order, each once, however they went in."""

from hypothesis import given
from hypothesis import strategies as st

from rooms.realtime.connection import QueuedEvent
from rooms.realtime.reorder_buffer import ReorderBuffer


def item(seq: int) -> QueuedEvent:
    return QueuedEvent(str(seq), False, seq)


def numbers(items) -> list[int]:
    return [each.seq for each in items]


def test_nothing_goes_on_before_it_is_known_where_to_begin():
    sequence = ReorderBuffer()
    assert numbers(sequence.take(item(4))) == []
    assert numbers(sequence.take(item(3))) == []
    assert numbers(sequence.begin(2)) == [3, 4]


def test_what_the_beginning_holds_already_is_not_told_again():
    sequence = ReorderBuffer()
    list(sequence.take(item(3)))
    assert numbers(sequence.begin(5)) == []
    assert not sequence.has_gap
    assert numbers(sequence.take(item(5))) == []
    assert numbers(sequence.take(item(6))) == [6]


def test_what_was_read_elsewhere_lets_on_what_waited_behind_it():
    sequence = ReorderBuffer()
    list(sequence.begin(0))
    assert numbers(sequence.take(item(4))) == []
    assert sequence.has_gap
    assert numbers(sequence.skip_to(3)) == [4]
    assert not sequence.has_gap
    assert numbers(sequence.skip_to(1)) == []
    assert sequence.head == 4


def test_what_is_expected_is_a_hole_until_it_is_there():
    sequence = ReorderBuffer()
    sequence.expect(2)
    assert not sequence.has_gap  # it may be in what the beginning holds
    list(sequence.begin(1))
    assert sequence.has_gap
    list(sequence.take(item(2)))
    assert not sequence.has_gap


def test_a_number_that_nobody_wrote_is_forgotten():
    sequence = ReorderBuffer()
    list(sequence.begin(1))
    list(sequence.take(item(1000)))
    sequence.expect(2000)
    sequence.forget(sequence.claimed)
    assert not sequence.has_gap
    assert numbers(sequence.take(item(2))) == [2]


def test_what_is_claimed_while_it_is_read_is_not_forgotten():
    sequence = ReorderBuffer()
    list(sequence.begin(1))
    sequence.expect(3)
    before = sequence.claimed
    sequence.expect(4)
    list(sequence.skip_to(3))
    sequence.forget(before)
    assert sequence.has_gap


events = st.lists(st.integers(1, 12), max_size=40)


@given(events, events, st.integers(0, 12))
def test_any_order_any_repetition_any_loss(before, after, head):
    """Every number beyond the head comes out once and in order, as far as there is no hole; the rest waits."""
    sequence, out = ReorderBuffer(), []
    for seq in before:
        out += numbers(sequence.take(item(seq)))
    assert out == []
    out += numbers(sequence.begin(head))
    for seq in after:
        out += numbers(sequence.take(item(seq)))
    came = {seq for seq in before + after if seq > head}
    expected = []
    while head + len(expected) + 1 in came:
        expected.append(head + len(expected) + 1)
    assert out == expected
    assert sequence.claimed == came - set(expected)


@given(st.lists(st.one_of(st.integers(1, 15).map(item), st.integers(0, 15)), max_size=40))
def test_readings_in_between_never_repeat_or_turn_round(steps):
    """A number in the list is a reading up to there: what it brought counts as told, in its place."""
    sequence, told = ReorderBuffer(), [0]
    list(sequence.begin(0))
    for step in steps:
        if isinstance(step, int):
            told += range(sequence.head + 1, step + 1)
            told += numbers(sequence.skip_to(step))
        else:
            told += numbers(sequence.take(step))
        assert told == list(range(told[-1] + 1))
        assert sequence.head == told[-1]
