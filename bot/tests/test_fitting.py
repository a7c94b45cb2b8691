"""What fits into a budget of tokens: never more, and always something of what matters most."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.context.fitting import (
    GUARANTEED,
    LONGEST_SHARE,
    MIN_TOKENS,
    OVERHEAD,
    cost,
    estimate_tokens,
    fit_thread,
    fit_window,
)
from bot.context.message_queries import PromptMessage

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TEXTS = st.lists(
    st.builds(str.__mul__, st.sampled_from(["a", "é", "日", "🙂", "7", "a1-"]), st.integers(1, 9000)), max_size=8
)


def numbered(first: int, texts: list[str]) -> list[PromptMessage]:
    """Newest first, as they are read: the highest id is the first."""
    return [PromptMessage(first - at, 1, "alice", False, NOW, None, text) for at, text in enumerate(texts)]


@given(TEXTS, TEXTS, st.integers(1, 8000), st.text(min_size=1, max_size=9000))
def test_a_thread_never_goes_beyond_the_budget_and_always_holds_the_question(above, beside, budget, question):
    found = fit_thread(budget, [*numbered(400, [question]), *numbered(300, above)], numbered(200, beside))
    ids = [line.id for line in found]
    assert ids == sorted(set(ids)) and ids[-1] == 400
    assert sum(map(cost, found)) <= max(budget, MIN_TOKENS)


@given(TEXTS, TEXTS, st.integers(2400, 8000))
def test_what_is_above_the_question_is_there_at_least_in_part(above, beside, budget):
    thread = [*numbered(400, ["why?" * 5000]), *numbered(300, above)]
    found = {line.id: line.text for line in fit_thread(budget, thread, numbered(200, beside))}
    for line in thread[: GUARANTEED + 1]:
        assert found[line.id] == line.text or "\n[…]\n" in found[line.id]
    assert estimate_tokens(found[400]) > 0.45 * budget


@given(TEXTS, st.integers(300, 8000), st.integers(0, 60), st.integers(1, 60))
def test_a_window_is_within_its_budget_and_has_no_holes(texts, budget, begin, limit):
    latest = numbered(50, [*texts, "hm", *texts, "hm", *texts])
    found, first = fit_window(budget, latest, begin, limit)
    assert sum(map(cost, found)) <= budget and len(found) <= limit
    ids = [line.id for line in found]
    assert ids == list(range(51 - len(ids), 51)) and (first == 0) == (len(ids) == len(latest)) or not ids
    assert all(cost(line) <= max(budget // LONGEST_SHARE, MIN_TOKENS) for line in found)


def test_a_window_begins_where_the_last_one_did_until_it_is_full():
    texts = ["x" * 60] * 100
    each = estimate_tokens(texts[0]) + OVERHEAD
    _found, begin = fit_window(40 * each, numbered(100, texts), 0, 300)
    assert begin == 100 - 20 + 1  # half of what would fit
    for newest in range(100, begin + 40):
        found, again = fit_window(40 * each, numbered(newest, texts), begin, 300)
        assert again == begin and found[0].id == begin and found[-1].id == newest
    assert fit_window(40 * each, numbered(begin + 40, texts), begin, 300)[1] == begin + 41 - 20


def test_a_window_of_too_many_messages_begins_anew_too():
    _found, begin = fit_window(100_000, numbered(1000, ["x"] * 500), 0, 300)
    assert begin == 1000 - 150 + 1


def test_the_estimate_is_on_the_high_side_of_what_a_small_vocabulary_needs():
    """Counts of SmolLM2's tokenizer, whose vocabulary of 49,152 needs more than those of large models."""
    log = "2026-11-28 14:02:33,123 ERROR [worker-7] 0x7f3a9b2c req=8f14e45f-ceea-467f-a8a1-3b1c2d3e4f50 took 1234ms "
    assert estimate_tokens((log + "status=502 bytes=98123\n") * 3) > 0.95 * 294
    assert estimate_tokens("🙂👍🏽🎉👩‍👩‍👧 so good 🚀🚀" * 3) > 96
    assert estimate_tokens("部署定在星期五中午。请通知所有需要知道的人,并在开始之前检查备份是否已经运行。" * 3) > 198
    prose = "The deploy is on Friday at noon. Please tell everybody who needs to know about it, and check that the "
    assert 87 < estimate_tokens((prose + "backup has run before you start.") * 3) < 2 * 87


@pytest.mark.parametrize("text", ["", "a", "1", "é"])
def test_the_shortest_text_costs_a_token_or_two(text):
    assert 1 <= estimate_tokens(text) <= 2


def test_a_sign_of_another_script_makes_nothing_of_the_rest_cheaper():
    code = "if (a[17] != 0x3f) { b[1] += 2.5; }\n" * 20
    assert estimate_tokens(code) <= estimate_tokens(code + "é") < estimate_tokens(code) + 10


def test_what_is_dense_at_both_ends_is_cut_until_it_fits():
    """The part that is kept costs more than its share of the length."""
    [question] = fit_thread(500, numbered(400, ["🙂" * 2000 + "a" * 40_000 + "🙂" * 2000]), ())
    assert 400 < cost(question) <= 500 and question.text.startswith("🙂") and question.text.endswith("🙂")


def test_what_is_kept_for_others_leaves_half_of_a_small_budget_to_the_question():
    long = ["x" * 30_000] * GUARANTEED
    found = fit_thread(600, [*numbered(400, ["y" * 30_000]), *numbered(300, long)], ())
    assert cost(found[-1]) >= 300 - 10 and sum(map(cost, found)) <= 600


def test_a_budget_of_next_to_nothing_holds_something_of_the_question():
    [question] = fit_thread(1, numbered(100, ["why? " * 500]), ())
    assert question.text.startswith("why?") and cost(question) <= MIN_TOKENS


def test_a_last_message_that_just_fits_is_taken():
    short = numbered(300, ["ok"])
    left = cost(short[0])
    assert left < MIN_TOKENS
    thread = numbered(400, ["why? " * 20])
    for budget, ids in ((cost(thread[0]) + left, [300, 400]), (cost(thread[0]) + left - 1, [400])):
        assert [line.id for line in fit_thread(budget, thread, short)] == ids
