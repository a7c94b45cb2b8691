"""What fits into a budget of tokens: never more, and always something of what matters most."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.context.fitting import GUARANTEED, MIN_TOKENS, OVERHEAD, estimate_tokens, fit
from bot.context.message_queries import PromptMessage

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TEXTS = st.lists(st.builds(str.__mul__, st.sampled_from(["a", "é", "日", "🙂"]), st.integers(1, 9000)), max_size=8)


def numbered(first: int, texts: list[str]) -> list[PromptMessage]:
    """Newest first, as they are read: the highest id is the first."""
    return [PromptMessage(first - at, 1, "alice", False, NOW, None, text) for at, text in enumerate(texts)]


def read(budget, thread, beside=(), latest=()) -> list[int]:
    return [line.id for line in fit(budget, thread, beside, latest)[0]]


@given(TEXTS, TEXTS, TEXTS, st.integers(1, 8000), st.text(min_size=1, max_size=9000))
def test_it_never_goes_beyond_the_budget_and_always_holds_the_question(above, beside, latest, budget, question):
    thread = [*numbered(400, [question]), *numbered(300, above)]
    found, tokens = fit(budget, thread, numbered(200, beside), numbered(100, latest))
    ids = [line.id for line in found]
    assert ids == sorted(set(ids)) and ids[-1] == 400
    assert tokens == sum(estimate_tokens(line.text) + OVERHEAD for line in found) <= max(budget, MIN_TOKENS)


@given(TEXTS, TEXTS, TEXTS, st.integers(2400, 8000))
def test_what_is_above_the_question_and_what_was_said_last_is_there_at_least_in_part(above, beside, latest, budget):
    thread, last = [*numbered(400, ["why?" * 5000]), *numbered(300, above)], numbered(100, latest)
    found = {line.id: line.text for line in fit(budget, thread, numbered(200, beside), last)[0]}
    for line in [*thread[: GUARANTEED + 1], *last[:GUARANTEED]]:
        assert found[line.id] == line.text or "\n[…]\n" in found[line.id]
    assert len(found[400]) > budget  # of three bytes each it has half at least


def test_an_estimate_is_a_token_for_three_bytes_and_always_more_than_these():
    for text in ("x" * length for length in range(10)):
        assert len(text) < 3 * estimate_tokens(text) <= len(text) + 3
    assert estimate_tokens("日本") == estimate_tokens("x" * 6)


def test_short_messages_stay_whole_and_the_newest_come_first():
    found, tokens = fit(500, numbered(100, ["why?"]), (), numbered(99, ["x" * 60] * 30))
    assert [line.id for line in found] == list(range(90, 101)) and tokens <= 500
    assert {line.text for line in found} == {"why?", "x" * 60}


def test_each_of_the_sure_ones_has_a_sixteenth_at_least():
    long = ["x" * 30_000] * GUARANTEED
    found, tokens = fit(6400, [*numbered(400, ["y" * 30_000]), *numbered(300, long)], (), numbered(100, long))
    assert len(found) == 1 + 2 * GUARANTEED and 6350 < tokens <= 6400
    assert min(estimate_tokens(line.text) for line in found) >= 400 - OVERHEAD - 2


def test_what_is_kept_for_others_leaves_half_of_a_small_budget_to_the_question():
    long = ["x" * 30_000] * GUARANTEED
    found, tokens = fit(600, [*numbered(400, ["y" * 30_000]), *numbered(300, long)], (), numbered(100, long))
    assert estimate_tokens(found[-1].text) + OVERHEAD >= 300 - 2 and tokens <= 600


def test_a_budget_of_next_to_nothing_holds_something_of_the_question():
    [question], tokens = fit(1, numbered(100, ["why? " * 500]), (), numbered(99, ["x" * 60]))
    assert question.text.startswith("why?") and tokens <= MIN_TOKENS


def test_a_long_one_leaves_room_for_what_is_older():
    long, short = "x" * 30_000, ["hm"] * 3
    assert len(read(3000, numbered(100, ["why?"]), (), numbered(99, [*short, *short, long, *short]))) == 11
