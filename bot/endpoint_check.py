"""Tries a bot's model with the settings of that bot, and remembers what was found out about its server."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from django.conf import settings

from . import endpoint_traits
from .context.fitting import estimate_tokens
from .llm.checks import ANSWER_TOKENS, CheckResult, run_checks
from .llm.endpoint import ModelEndpoint
from .models import Bot

SENTENCE = "Somebody said something that does not matter here, in sentence number {number}. "


def check_bot(bot: Bot) -> AsyncIterator[CheckResult]:
    """Each step as it ends. The bot has a model (`endpoint.configured`)."""
    endpoint = bot.endpoint
    longest = min(endpoint.max_tokens or ANSWER_TOKENS, ANSWER_TOKENS)
    return run_checks(replace(endpoint, max_tokens=longest), _filler(bot.context_tokens or settings.BOT_CONTEXT_TOKENS))


def remember(endpoint: ModelEndpoint, results: Sequence[CheckResult]) -> None:
    """What was found out holds for bots, too; what was known before is forgotten."""
    endpoint_traits.forget(endpoint)
    for result in results:
        for feature, reason in result.left_out.items():
            endpoint_traits.remember_refused(endpoint, feature, reason)
        if result.error and result.error.context_tokens:
            endpoint_traits.remember_context_tokens(endpoint, result.error.context_tokens, result.error.detail)
    if speeds := [speed for result in results if (speed := result.tokens_read_per_second)]:
        endpoint_traits.remember_reading_speed(endpoint, round(min(speeds)))  # the others were cached in part


def _filler(tokens: int) -> str:
    """Text as long as the messages that a bot is given to read."""
    return "".join(SENTENCE.format(number=number) for number in range(tokens // estimate_tokens(SENTENCE)))
