"""A model's server that is down gets a rest, and the room an answer at once."""

import threading
from dataclasses import replace

import pytest

from bot.llm import breaker, client
from bot.llm.breaker import Breaker
from bot.llm.endpoint import ModelEndpoint
from bot.llm.errors import ModelError
from e2e.model_server import Reply as Model
from rooms.kernel.db_executor import run_db
from rooms.models import Message
from rooms.services import membership

from .conftest import answered, until, working


@pytest.fixture
def now(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(breaker.time, "monotonic", lambda: now[0])
    return now


def fail(breaker, times=1):
    for _ in range(times):
        breaker.check()
        breaker.record_failure()


def on_trial(now) -> Breaker:
    """One whose server has had its rest, and is being asked one question."""
    tested = Breaker()
    fail(tested, 5)
    now[0] += breaker.OPEN_SECONDS
    tested.check()
    return tested


def refuses(breaker):
    with pytest.raises(ModelError):
        breaker.check()


def test_five_failures_in_a_minute_open_it(now):
    tested = Breaker()
    fail(tested, 5)
    with pytest.raises(ModelError, match="cannot be reached"):
        tested.check()


def test_five_failures_in_an_hour_do_not(now):
    tested = Breaker()
    for _ in range(10):
        fail(tested)
        now[0] += 16
    tested.check()


def test_after_a_rest_one_question_is_let_through(now):
    tested = on_trial(now)
    refuses(tested)
    tested.record_failure()
    refuses(tested)
    now[0] += breaker.OPEN_SECONDS
    tested.check()
    tested.record_success()
    tested.check()
    tested.check()


def test_as_soon_as_it_speaks_the_others_may_ask_too(now):
    tested = on_trial(now)
    refuses(tested)
    tested.record_output()
    tested.check()
    tested.record_failure()  # it broke off in the middle: five in a minute again
    refuses(tested)


def test_a_trial_that_fails_is_enough(now):
    tested = Breaker()
    fail(tested, 5)
    now[0] += 10 * breaker.FAILURE_WINDOW
    fail(tested)
    refuses(tested)


def test_each_server_key_and_model_has_its_own():
    one = ModelEndpoint("m", "http://a/v1", "chat", "key")
    others = [replace(one, key="other"), replace(one, model="other"), replace(one, base_url="http://b/v1")]
    assert breaker.get_breaker(one) is breaker.get_breaker(replace(one))
    assert len({id(breaker.get_breaker(each)) for each in (one, *others)}) == 4


def test_a_trial_that_was_stopped_leaves_room_for_the_next(now):
    tested = on_trial(now)
    tested.record_cancelled()
    tested.check()


@pytest.mark.django_db(transaction=True)
async def test_the_room_hears_it_at_once(model, say, alice, settings, monkeypatch):
    settings.RATE_MESSAGES = 1000
    monkeypatch.setattr(client, "LIMITS", client.Limits(max_attempts=1))
    model.answer_with(Model.html_error(502))
    async with working():
        notes = [(await answered(await run_db(say, alice, "@bot hi"))).message.note for _ in range(6)]
        assert len(model.requests) == 5 and "error 502" in notes[0]
        assert "cannot be reached right now" in notes[5]
        model.say("Back.")
        monkeypatch.setattr(breaker.get_breaker(await run_db(endpoint)), "_open_until", 1.0)
        assert (await answered(await run_db(say, alice, "@bot hi"))).message.text == "Back."


def endpoint():
    from bot.models import Bot

    return Bot.objects.get().endpoint


@pytest.mark.parametrize(
    ("error", "word"), [(Model.error(401), "key"), (Model.error(500), "error 500"), (Model.error(503), "overloaded")]
)
@pytest.mark.django_db(transaction=True)
async def test_a_server_that_answers_has_no_rest(model, say, alice, settings, error, word, monkeypatch):
    settings.RATE_MESSAGES = 1000
    monkeypatch.setattr(client, "LIMITS", client.Limits(max_attempts=1))
    model.answer_with(error)
    async with working():
        for _ in range(6):
            assert word in (await answered(await run_db(say, alice, "@bot hi"))).message.note


@pytest.mark.django_db(transaction=True)
async def test_while_it_speaks_after_a_rest_other_rooms_are_answered(model, say, alice, settings, monkeypatch):
    settings.RATE_MESSAGES = 1000
    tested = breaker.get_breaker(await run_db(endpoint))
    for _ in range(5):
        tested.record_failure()
    tested._open_until = 1.0
    gate = threading.Event()
    model.next(Model("one two", hold=gate, hold_after=1))
    async with working():
        first = await run_db(say, alice, "@bot hi")
        await until(Message.objects.filter(reply_to=first, text="one").first)
        other = await run_db(membership.create_room, alice, "Other")
        assert (await answered(await run_db(say, alice, "@bot hi", None, other))).state == "done"
        gate.set()
        assert (await answered(first)).state == "done"
