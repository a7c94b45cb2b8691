"""One reply from the question to its end: what is read, what the model says and looks up, how it went."""

import asyncio
import logging
import time
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from rooms.kernel.db_executor import run_db, run_write
from rooms.kernel.reasons import REASONS

from ..context import citations, prompt_builder
from ..context.fitting import estimate
from ..llm import client
from ..llm.breaker import breaker_of
from ..llm.dialects import Prompt
from ..llm.errors import EMPTY, TOO_SLOW, Fault
from ..llm.tool_calls import Call
from ..models import Run, RunState
from ..queue import policy, quota
from . import builtin, tools
from .reply_stream import Reply, TooLong
from .request_meter import RequestMeter, request_tokens

logger = logging.getLogger(__name__)

TOTAL = 300.0  # seconds for a whole answer
OURS = _("Something went wrong on this server during the answer. Try again.")
SHORTENED = _("The answer was cut off at the length limit.")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ends."""

    state: str
    note: str = ""


async def answer(run: Run, reply: Reply) -> Ending:
    """Answer into `reply`, and fill in the run's receipt. Raises only CancelledError."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(TOTAL):
            return await _answer(run, reply)
    except Fault as fault:
        return Ending(RunState.FAILED, fault.sentence)
    except TimeoutError:
        return Ending(RunState.FAILED, TOO_SLOW.format(seconds=f"{TOTAL:g}"))
    except Exception:  # noqa: BLE001 - whatever it is, the room must hear of it
        logger.exception("run %s broke", run.pk)
        return Ending(RunState.FAILED, str(OURS))
    finally:
        run.total_ms = _ms(time.monotonic() - began)


async def _answer(run: Run, reply: Reply) -> Ending:
    if run.bot.endpoint.configured:
        note = await _from_model(run, reply)
    else:
        note = ""
        reply.open()
        reply.add(await run_db(_by_rules, run))
        run.read = citations.ids_in(reply.text)
    return Ending(RunState.DONE, note)


async def _from_model(run: Run, reply: Reply) -> str:
    """Let the model answer; returns what there is to note about it."""
    found = await run_write(_prepare, run)
    reply.open()  # only now: there is one writer, and the question should not wait for this
    notes: list[str] = []
    asked = asyncio.get_running_loop().time()
    try:
        shortened = await _converse(run, reply, found.prompt, notes)
    except TooLong:
        shortened = True
    finally:
        if reply.first_heard is not None:
            run.first_token_ms = _ms(reply.first_heard - asked)
        run.cost = run.bot.cost(run.tokens_in, run.tokens_cached, run.tokens_out)
    if not reply.text.strip():
        raise Fault(EMPTY)
    return "; ".join([*notes, *([str(SHORTENED)] if shortened else [])])


def _prepare(run: Run) -> prompt_builder.Context:
    """All that the database has to do before the model is asked, in one call: each costs a change of threads."""
    _check(run)
    found = prompt_builder.build(run)
    run.model, run.read = run.bot.endpoint.model, found.read
    found.prompt.tools = tools.TOOLS if run.bot.tools else []
    quota.reserve(run, request_tokens(found.prompt))
    return found


def _by_rules(run: Run) -> str:
    _check(run)
    return builtin.answer(run)


def _check(run: Run) -> None:
    if why := policy.why_not(run):
        raise Fault(str(REASONS[why].sentence))


async def _converse(run: Run, reply: Reply, prompt: Prompt, notes: list[str]) -> bool:
    """Ask, look up what the model wants, and ask again. Returns whether the answer was cut at its longest."""
    failures, left = 0, tools.budget(run)
    for round in range(tools.MAX_ROUNDS + 1):
        usable = run.bot.tools and round < tools.MAX_ROUNDS and failures < tools.MAX_FAILURES and left > 0
        prompt.tools = tools.TOOLS if usable else []
        before = reply.length
        if round:  # the first one was reserved with the context
            await run_write(quota.reserve, run, request_tokens(prompt))
        said = await _ask(run, prompt, reply)
        if not said.calls or not usable:
            return said.shortened
        if reply.length > before:
            prompt.turns.append({"role": "assistant", "text": reply.text[before:]})
            reply.add("\n\n")
        for call in said.calls:
            result = await run_db(_use, run, call, left)
            left -= estimate(result.output)
            failures += bool(result.error)
            prompt.turns += [{"call": call}, {"result": call, "output": result.output}]
            if result.note and result.note not in notes:
                notes.append(result.note)
                await reply.note("; ".join(notes))
    return False


def _use(run: Run, call: Call, left: int) -> tools.Result:
    if not policy.may_hear(run):  # removed meanwhile: what is looked up now is not theirs
        raise Fault(str(REASONS["asker_left_room"].sentence))
    return tools.use(run, call, left)


async def _ask(run: Run, prompt: Prompt, reply: Reply) -> client.Said:
    breaker = breaker_of(run.bot.endpoint)
    breaker.check()

    meter = RequestMeter(run, prompt)

    def hear(piece: str) -> None:
        breaker.heard()
        meter.heard(piece)
        reply.add(piece)

    try:
        said = await client.ask(run.bot.endpoint, prompt, hear, meter.sent)
        meter.counted(said)
    except Fault as fault:
        breaker.failed() if fault.down else breaker.worked()
        raise
    except BaseException:
        breaker.unknown()
        raise
    breaker.worked()
    return said


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
