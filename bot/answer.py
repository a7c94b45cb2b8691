"""One reply from the question to its end: what is read, what the model says, how it went."""

import asyncio
import logging
import time
from dataclasses import dataclass

from rooms.db import run_db

from . import builtin, context, llm
from .faults import EMPTY, TOO_SLOW, Fault
from .models import Run, RunState
from .reply import Reply, TooLong

logger = logging.getLogger(__name__)

TOTAL = 300.0  # seconds for a whole answer
OURS = "Something went wrong on this server while it answered. Try again."
SHORTENED = "The answer reached its longest length here."


@dataclass(frozen=True, slots=True)
class Ending:
    state: str
    note: str | None = None


async def answer(run: Run, reply: Reply) -> Ending:
    """Answer into `reply`, and fill in the run's receipt. Raises only CancelledError."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(TOTAL):
            ending = await _answer(run, reply)
    except Fault as fault:
        ending = Ending(RunState.FAILED, fault.sentence)
    except TimeoutError:
        ending = Ending(RunState.FAILED, TOO_SLOW.format(seconds=TOTAL))
    except Exception:  # noqa: BLE001 - whatever it is, the room must hear of it
        logger.exception("run %s broke", run.pk)
        ending = Ending(RunState.FAILED, OURS)
    finally:
        run.total_ms = _ms(time.monotonic() - began)
    return ending


async def _answer(run: Run, reply: Reply) -> Ending:
    reply.open()
    if run.bot.endpoint.configured:
        ending = await _from_model(run, reply)
    else:
        reply.add(await run_db(builtin.answer, run))
        ending = Ending(RunState.DONE)
    await reply.settled()
    return ending


async def _from_model(run: Run, reply: Reply) -> Ending:
    found = await run_db(context.build, run)
    run.model, run.read = run.bot.endpoint.model, found.read
    run.tokens_in = found.tokens  # until the server counts
    asked = asyncio.get_running_loop().time()
    try:
        said = await llm.ask(run.bot.endpoint, found.prompt, reply.add)
    except TooLong:
        return Ending(RunState.DONE, SHORTENED)
    finally:
        _account(run, reply, asked)
    if said.tokens:
        run.tokens_in, run.tokens_out = said.tokens
        run.cost = run.bot.cost(*said.tokens)
    if not reply.text.strip():
        raise Fault(EMPTY)
    return Ending(RunState.DONE, SHORTENED if said.shortened else None)


def _account(run: Run, reply: Reply, asked: float) -> None:
    """What is known of an answer however it ended."""
    run.tokens_out = context.estimate(reply.text)
    run.cost = run.bot.cost(run.tokens_in, run.tokens_out)
    if reply.first_heard is not None:
        run.first_token_ms = _ms(reply.first_heard - asked)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
