"""Whose turn it is."""

from datetime import UTC, datetime, timedelta

from bot.models import RunState
from bot.queue.scheduling import OpenRun, next_up, positions, waiting_queues

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def asked(id, room=1, asker=1, bot=1, question=None, state=RunState.WAITING, at=None):
    queued = NOON + timedelta(seconds=id if at is None else at)
    return OpenRun(id, state, room, bot, asker, question or id, 100 + id, queued)


def ids(runs):
    return [run.id for run in runs]


def test_the_oldest_question_is_next():
    assert ids(waiting_queues([asked(2), asked(1), asked(3)])[1, 1]) == [1, 2, 3]


def test_people_take_turns():
    runs = [asked(1, asker=1), asked(2, asker=1), asked(3, asker=1), asked(4, asker=2)]
    assert ids(waiting_queues(runs)[1, 1]) == [1, 4, 2, 3]


def test_who_is_being_answered_has_had_a_turn():
    runs = [asked(1, asker=1, state=RunState.RUNNING), asked(2, asker=1), asked(3, asker=2)]
    assert ids(waiting_queues(runs)[1, 1]) == [3, 2]


def test_asked_again_goes_to_the_end():
    assert ids(waiting_queues([asked(1, at=10), asked(2), asked(3)])[1, 1]) == [2, 3, 1]


def test_one_reply_of_a_bot_in_a_room_at_a_time():
    runs = [asked(1, state=RunState.RUNNING), asked(2), asked(3, room=2)]
    assert ids(next_up(runs)) == [3]


def test_bots_named_together_answer_one_after_the_other():
    runs = [asked(1, bot=1, question=9), asked(2, bot=2, question=9), asked(3, bot=2, question=10, asker=2)]
    assert ids(next_up(runs)) == [1]  # bot 2 keeps its line's order, and waits for bot 1
    assert ids(next_up(runs[1:])) == [2]


def test_two_bots_do_not_wait_for_each_other():
    """As when both questions are asked again, one bot's answer before the other's."""
    runs = [asked(1, bot=2, question=8, at=30), asked(2, bot=1, question=8, at=10)]
    runs += [asked(3, bot=1, question=9, at=20), asked(4, bot=2, question=9, at=20)]
    order = []
    while begun := next_up(runs):
        order += ids(begun)
        runs = [run for run in runs if run not in begun]
    assert sorted(order) == [1, 2, 3, 4]


def test_whoever_is_chosen_counts_at_once():
    runs = [asked(1, room=1, asker=1), asked(2, room=2, asker=1), asked(3, room=3, asker=2)]
    assert ids(next_up(runs, 2)) == [1, 3]


def test_quiet_rooms_and_people_come_first():
    busy = [asked(1, room=1, asker=1, state=RunState.RUNNING), asked(2, room=1, bot=2, asker=2, state=RunState.RUNNING)]
    runs = [*busy, asked(3, room=2, asker=1), asked(4, room=3, asker=3), asked(5, room=1, bot=3, asker=4)]
    assert ids(next_up(runs)) == [4, 5, 3]


def test_positions_count_from_one():
    runs = [asked(1, state=RunState.RUNNING), asked(2), asked(3)]
    assert positions(runs) == [(102, 1), (103, 2)]


def test_a_room_where_nobody_is_answered_comes_first():
    busy = asked(1, room=1, bot=2, asker=9, state=RunState.RUNNING)
    assert ids(next_up([busy, asked(2, room=1, asker=1), asked(3, room=2, asker=2)])) == [3, 2]


def test_of_two_busy_rooms_the_one_that_was_just_chosen_comes_last():
    busy = [asked(1, room=1, bot=1, asker=1, state=RunState.RUNNING)]
    busy += [asked(2, room=2, bot=1, asker=2, state=RunState.RUNNING)]
    runs = [*busy, asked(3, room=1, bot=2, asker=3), asked(4, room=1, bot=3, asker=4), asked(5, room=2, bot=2, asker=5)]
    assert ids(next_up(runs)) == [3, 5, 4]


def test_of_two_busy_people_the_one_who_was_just_chosen_comes_last():
    busy = [asked(1, room=8, asker=1, state=RunState.RUNNING), asked(2, room=9, asker=2, state=RunState.RUNNING)]
    runs = [*busy, asked(3, room=1, asker=1), asked(4, room=2, asker=1), asked(5, room=3, asker=2)]
    assert ids(next_up(runs)) == [3, 5, 4]
