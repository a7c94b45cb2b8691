"""What a bot would read for a question."""

import json

from bot.context import prompt_builder
from bot.context.prompt_builder import context_budget
from bot.models import Run
from bot.queue import runs


def built(question, bot=None) -> prompt_builder.Context:
    found = Run.objects.filter(question=question)
    run = runs.load((found.filter(bot=bot) if bot else found).get().pk)
    return prompt_builder.build(run, context_budget(run))


def all_of(found: prompt_builder.Context) -> str:
    return json.dumps([found.prompt.system, found.prompt.turns], ensure_ascii=False)


def lines(found: prompt_builder.Context) -> list:
    """What users' turns hold, decoded: messages, days, and what is said of the question."""
    return [
        json.loads(line) for turn in found.prompt.turns if turn["role"] == "user" for line in turn["text"].split("\n")
    ]


def messages_of(found: prompt_builder.Context) -> list[list]:
    return [line for line in lines(found) if isinstance(line, list) and len(line) > 2]
