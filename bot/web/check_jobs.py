"""Checks of models that staff start in the admin. Each runs in a thread of its own, so no request waits for a model;
its steps are in the cache, where every web process finds them."""

import asyncio
import logging
import threading
import time
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import connections
from django.utils.translation import gettext_lazy as _

from ..llm.findings import STEPS, hint_of, sentence_of
from ..models import Bot

if TYPE_CHECKING:  # a web process loads a model's client (openai: 40 MB) only for a check
    from ..llm.checks import CheckResult

logger = logging.getLogger(__name__)

TIME_LIMIT = 300.0  # seconds for all steps
KEPT = 24 * 3600  # seconds that a result can be looked at
MAX_RUNNING = 3  # in a web process
# Why a check ended before it was done.
ERRORS = {
    "interrupted": _("The check was interrupted."),
    "too_long": _("The check took longer than %(seconds)d seconds."),
    "broken": _("Something went wrong on this server. Its log says more."),
}

_slots = threading.BoundedSemaphore(MAX_RUNNING)


def start(bot: Bot) -> bool:
    """Start a check in the background. False when one of this bot is running, or too many others are."""
    if not _slots.acquire(blocking=False):
        return False
    if not cache.add(_lock_key(bot), "running", TIME_LIMIT + 60):
        _slots.release()
        return False
    report: dict[str, Any] = {"state": "running", "started": time.time(), "steps": [], "reason": ""}
    cache.set(_key(bot), report, KEPT)
    threading.Thread(target=_run, args=(bot, report), name=f"check of {bot}", daemon=True).start()
    return True


def get_report(bot: Bot) -> dict[str, Any] | None:
    """The last check: state (running, done, failed), error (why it failed), started (Unix time), and steps so far.

    Steps are dicts of what CheckResult has. Sentences are in the active language. None when there was no check lately.
    """
    report = cache.get(_key(bot))
    if report is None:
        return None
    if report["state"] == "running" and cache.get(_lock_key(bot)) is None:
        report |= {"state": "failed", "reason": "interrupted"}  # the process that ran it ended
    error = str(ERRORS[report["reason"]]) % {"seconds": TIME_LIMIT} if report["reason"] else ""
    return report | {"error": error, "steps": [_with_sentences(step) for step in report["steps"]]}


def _with_sentences(step: dict[str, Any]) -> dict[str, Any]:
    reason = step["reason"]
    texts = {
        "title": str(STEPS[step["step"]]),
        "sentence": sentence_of(reason, step["params"]),
        "hint": hint_of(reason),
    }
    return step | texts


def _run(bot: Bot, report: dict[str, Any]) -> None:
    try:
        report |= _outcome(bot, report)
        cache.set(_key(bot), report, KEPT)
    finally:
        cache.delete(_lock_key(bot))
        connections.close_all()
        _slots.release()


def _outcome(bot: Bot, report: dict[str, Any]) -> dict[str, str]:
    from .. import endpoint_check

    results: list[CheckResult] = []
    outcome = {"state": "done"}
    try:
        asyncio.run(_check(bot, report, results))
    except TimeoutError:
        outcome = {"state": "failed", "reason": "too_long"}
    except Exception:  # noqa: BLE001 - whatever it is, the page must say so
        logger.exception("the check of %s broke", bot)
        outcome = {"state": "failed", "reason": "broken"}
    if results:
        endpoint_check.remember(bot.endpoint, results)
    return outcome


async def _check(bot: Bot, report: dict[str, Any], results: "list[CheckResult]") -> None:
    from .. import endpoint_check

    async with asyncio.timeout(TIME_LIMIT):
        async for result in endpoint_check.check_bot(bot):
            results.append(result)
            report["steps"].append(_serialize(result))
            await asyncio.to_thread(_save, bot, report)


def _save(bot: Bot, report: dict[str, Any]) -> None:
    """In a thread of the loop's, which ends with it and would keep its connection."""
    try:
        cache.set(_key(bot), report, KEPT)
    finally:
        connections.close_all()


def _serialize(result: "CheckResult") -> dict[str, Any]:
    return {
        "step": result.step,
        "passed": result.passed,
        "reason": result.reason,
        "params": result.params,
        "words": result.detail,
        "left_out": list(result.left_out.items()),
        "said": result.said[:200],
        "seconds": result.seconds,
        "first_seconds": result.first_seconds,
        "tokens_read": result.tokens_read,
        "tokens_written": result.tokens_written,
        "reads": result.tokens_read_per_second,
        "writes": result.tokens_per_second,
    }


def _key(bot: Bot) -> str:
    return f"bot-check:2:{bot.pk}"  # 1 had sentences


def _lock_key(bot: Bot) -> str:
    return f"bot-check-running:{bot.pk}"
