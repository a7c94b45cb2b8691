"""A room, a worker, and a real model: a room too full for it, and what it reads again from its cache."""

import pytest

from bot.models import EndpointTrait
from rooms.kernel.db_executor import run_db

from ..conftest import answered, working
from .conftest import PATIENCE

# On a machine that is busy, a model that reads 200 tokens a second reads 10.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1800)]


@pytest.fixture(autouse=True)
def patient_tests(monkeypatch):
    monkeypatch.setattr("bot.tests.conftest.PATIENCE", PATIENCE)
    monkeypatch.setattr("bot.answering.answer.TIMEOUT", PATIENCE)


async def fill(say, alice, bob, count: int) -> None:
    for number in range(count):
        text = f"{number}: the release goes out when the tests have passed and somebody has read the notes"
        await run_db(say, (alice, bob)[number % 2], text)


async def test_a_room_that_is_too_full_is_answered_with_half_of_it(small, use, say, alice, bob, settings):
    use(small)
    settings.BOT_CONTEXT_TOKENS = 6000
    await fill(say, alice, bob, 80)
    async with working():
        first = await answered(await run_db(say, alice, "@bot When is the release?"))
        trait = await run_db(EndpointTrait.objects.get, name=EndpointTrait.CONTEXT_TOKENS)
        requests = small.log.count("exceeds the available context size")
        second = await answered(await run_db(say, bob, "@bot And who tests it?"))
    assert (first.state, first.error_detail, second.state) == ("done", "", "done")
    assert first.message.text and second.message.text
    assert trait.value == small.context and "context size" in trait.reason
    assert small.log.count("exceeds the available context size") == requests  # it knows by now
    assert second.tokens_in + second.tokens_out <= small.context
    assert set(first.without.split()) == set(second.without.split()) == {"tools"}


async def test_the_second_question_in_a_full_room_is_read_from_the_cache(llama, use, say, alice, bob, settings, tried):
    use(llama)
    settings.BOT_CONTEXT_TOKENS = 2500
    await fill(say, alice, bob, 80)
    async with working():
        first = await answered(await run_db(say, alice, "@bot When is the release?"))
        second = await answered(await run_db(say, bob, "@bot And who tests it?"))
    assert (first.state, second.state) == ("done", "done")
    share = second.tokens_cached / second.tokens_in
    times = f"first word after {first.first_token_ms:,} ms, then after {second.first_token_ms:,} ms"
    tried(f"of {second.tokens_in:,} tokens read again from the cache; {times}", second.tokens_cached)
    assert first.tokens_in > 900 and share >= 0.85
