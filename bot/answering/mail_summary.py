"""What a person missed in a room, in a few sentences by a model, for a mail. Without one the mail is as good.

So nothing is waited for long: one question a room, a few rooms a mail, MAIL_SUMMARY_SECONDS for all of them, and one
mail at a time in a process, so that its other jobs never wait for a model. What it costs has the limits of its bot.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, get_language_info

from accounts.models import User
from rooms.models import Room

from .. import endpoint_traits
from ..context import summaries
from ..llm import client, clients
from ..llm.breaker import Breaker, get_breaker
from ..llm.endpoint import ModelEndpoint
from ..llm.errors import ModelError
from ..llm.listener import Listener
from ..llm.prompt import Prompt
from ..models import Bot, Run
from ..queue import policy, quota
from .failure_log import log_failure
from .request_meter import RequestMeter, request_tokens

logger = logging.getLogger(__name__)

MAX_ROOMS = 3  # of one mail
READ_TOKENS = 3000  # of a room's messages
ANSWER_TOKENS = 600  # thoughts too

_only_one = threading.Lock()


class _Useless(Exception):
    """The model's answer cannot go into a mail."""


def summarize(user: User, rooms: Sequence[str]) -> dict[str, dict[str, str]]:
    """By name of a room: {"text", "by"}, in the active language. rooms: names, the most important one first.

    Rooms are left out where the person does not belong, the bot may not answer, or little was said.
    """
    bot = _bot()
    if bot is None or not _only_one.acquire(blocking=False):
        return {}
    until = time.monotonic() + settings.MAIL_SUMMARY_SECONDS
    found: dict[str, dict[str, str]] = {}
    try:
        for room in _readable(user, bot, rooms):
            if prompt := _prompt(user, bot, room):
                found[room.name] = {"text": _ask(user, bot, room, prompt, until), "by": bot.user.username}
            if len(found) == MAX_ROOMS:
                break
    except (ModelError, _Useless) as error:
        logger.info("a mail goes out without a summary: %s", getattr(error, "reason", error))
    finally:
        _only_one.release()
    return found


def _bot() -> Bot | None:
    bots = Bot.objects.select_related("user").filter(enabled=True, user__is_active=True)
    bot = bots.filter(user__username=settings.MAIL_SUMMARY_BOT).first()
    if bot is None or not bot.endpoint.configured:
        _warn(settings.MAIL_SUMMARY_BOT)
        return None
    return bot


@cache
def _warn(name: str) -> None:
    logger.warning("MAIL_SUMMARY_BOT is %s, but there is no such bot with a model that is switched on", name)


def _readable(user: User, bot: Bot, names: Sequence[str]) -> list[Room]:
    """No direct messages: nobody there has asked for a bot."""
    rooms = {room.name: room for room in Room.objects.of(user.pk).filter(name__in=names, pair=None)}
    ours = [rooms[name] for name in names if name in rooms]
    return [room for room in ours if policy.available_bots(room).filter(pk=bot.pk).exists()]


def _prompt(user: User, bot: Bot, room: Room) -> Prompt | None:
    budget = min(bot.context_tokens or settings.BOT_CONTEXT_TOKENS, READ_TOKENS)
    if size := _endpoint(bot).context_tokens:
        budget = min(budget, (size - ANSWER_TOKENS) // 2)
    language = get_language_info(get_language() or settings.LANGUAGE_CODE)["name"]
    return summaries.build(room, user, bot.user_id, language, budget)


def _endpoint(bot: Bot) -> ModelEndpoint:
    endpoint = endpoint_traits.with_traits(bot.endpoint)
    longest = min(endpoint.max_tokens or ANSWER_TOKENS, ANSWER_TOKENS)
    return replace(endpoint, max_tokens=longest, patience=min(endpoint.patience, settings.MAIL_SUMMARY_SECONDS))


def _ask(user: User, bot: Bot, room: Room, prompt: Prompt, until: float) -> str:
    """Raises ModelError, _Useless. What it used counts in any case."""
    run = Run(bot=bot, room=room, asker=user)  # never saved: quotas are counted by one
    quota.reserve(run, request_tokens(prompt))
    try:
        return _answer(_endpoint(bot), prompt, RequestMeter(run, prompt), until)
    finally:
        with transaction.atomic():
            quota.settle(run)


def _answer(endpoint: ModelEndpoint, prompt: Prompt, meter: RequestMeter, until: float) -> str:
    breaker = get_breaker(endpoint)
    breaker.check()
    listener = _Writing(breaker, meter)
    try:
        truncated = asyncio.run(_request(endpoint, prompt, listener, until))
    except ModelError as error:
        breaker.record_failure() if error.is_outage else breaker.record_success()
        log_failure(endpoint, error)
        raise
    except TimeoutError:
        breaker.record_failure()
        raise _Useless("the model took too long") from None
    except BaseException:
        breaker.record_cancelled()
        raise
    breaker.record_success()
    for feature, why in listener.refused.items():
        endpoint_traits.remember_refused(endpoint, feature, why)
    if truncated or not (text := summaries.in_plain_words(listener.text)):
        raise _Useless("the model's answer is of no use")
    return text


async def _request(endpoint: ModelEndpoint, prompt: Prompt, listener: "_Writing", until: float) -> bool:
    """Returns whether the answer was cut at its longest. Raises ModelError, TimeoutError."""
    try:
        async with asyncio.timeout(until - time.monotonic()):
            response = await client.stream_response(endpoint, prompt, listener)
    finally:
        await clients.get_client(endpoint).close()  # it belongs to this loop, which ends
    listener.meter.on_response(response)
    return response.truncated


class _Writing(Listener):
    """text: what has been written. refused: feature → why, for what the server turned out not to take."""

    def __init__(self, breaker: Breaker, meter: RequestMeter):
        self.text = ""
        self.refused: dict[str, str] = {}
        self.meter, self._breaker = meter, breaker

    def on_request(self, left: bool) -> None:
        self.meter.on_request(left)

    def on_text(self, piece: str) -> None:
        self._heard(piece)
        self.text += piece
        if len(self.text) > 2 * summaries.MAX_LENGTH:
            raise _Useless("the model's answer is too long")

    def on_thought(self, piece: str) -> None:
        self._heard(piece)

    def on_retract(self) -> None:
        self.text = ""

    def on_refused(self, feature: str, detail: str, lasting: bool) -> None:
        if lasting:
            self.refused[feature] = detail

    def _heard(self, piece: str) -> None:
        self._breaker.record_output()
        self.meter.on_text(piece)
