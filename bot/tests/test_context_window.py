"""Which part of a long conversation the model reads: it begins at the same message for as long as that fits."""

from os.path import commonprefix

import pytest

from bot.context import prompt_builder
from bot.models import Run
from rooms.models import MessageState
from rooms.services import bot_replies

from .contexts import all_of, built

pytestmark = pytest.mark.django_db


def test_as_many_messages_as_it_may_have_are_all_there_and_one_more_moves_the_window(say, alice, monkeypatch):
    monkeypatch.setattr(prompt_builder, "MAX_MESSAGES", 4)
    said = [say(alice, f"line {number}").id for number in range(4)]
    found = built(say(alice, "@bot all?"))
    assert found.read[:-1] == said and found.window_begin == 0
    more = [*said, found.read[-1]]
    found = built(say(alice, "@bot and now?"))
    assert found.read[:-1] == more[-2:] and found.window_begin == more[-2]


def prefix_share(first: prompt_builder.Context, second: prompt_builder.Context) -> float:
    """How much of the second prompt begins as the first did."""
    texts = [
        found.prompt.system + "".join(f"\n{turn['role']}: {turn['text']}" for turn in found.prompt.turns)
        for found in (first, second)
    ]
    return len(commonprefix(texts)) / len(texts[1])


def finish(question, text: str, begin: int) -> None:
    run = Run.objects.get(question=question)
    bot_replies.update(run.message_id, text=text, state=MessageState.COMPLETE)
    Run.objects.filter(pk=run.pk).update(state="done", window_begin=begin)


def test_of_two_questions_in_a_full_room_nine_tenths_begin_alike(say, alice, bob, settings):
    settings.RATE_MESSAGES = 10_000
    for number in range(250):
        say(alice, f"message {number} " + "about this and that " * 4)
    shares, last, begins = [], None, set()
    for number in range(12):
        say(bob, f"between {number}")
        question = say(alice, f"@bot question {number}?")
        found = built(question)
        assert found.tokens < 6000
        shares.append(prefix_share(last, found) if last else 1)
        begins.add(found.window_begin)
        finish(question, f"Answer {number} [#{question.id}](#m{question.id}).", found.window_begin)
        last = found
    assert min(shares) >= 0.9 and len(begins) == 1
    assert f"[#{question.id}](#m" not in all_of(built(say(alice, "@bot so?")))  # as it wrote it


def test_the_window_moves_in_large_steps(say, alice, settings):
    settings.BOT_CONTEXT_TOKENS, settings.RATE_MESSAGES = 1500, 10_000
    begins = []
    for number in range(60):
        say(alice, f"message {number} " + "about this and that " * 3)
        question = say(alice, f"@bot question {number}?")
        found = built(question)
        begins.append(found.window_begin)
        finish(question, "Yes.", found.window_begin)
    assert 2 <= len(set(begins)) <= 10
