"""One reply from the question to its end: what is read, what the model says and looks up, how it went."""

import asyncio
import logging
import time
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from rooms.kernel.db_executor import run_db, run_write
from rooms.kernel.reasons import REASONS

from ..context import citations, prompt_builder
from ..context.fitting import estimate_tokens
from ..llm import client
from ..llm.breaker import get_breaker
from ..llm.dialects import Prompt
from ..llm.errors import ANSWER_TIMED_OUT, EMPTY_RESPONSE, ModelError
from ..llm.tool_calls import ToolCall
from ..models import Run, RunState
from ..queue import policy, quota
from . import builtin, tools
from .reply_stream import ReplyStream, ReplyTooLong
from .request_meter import RequestMeter, request_tokens

logger = logging.getLogger(__name__)

TIMEOUT = 300.0  # seconds for a whole answer
INTERNAL_ERROR = _("Something went wrong on this server during the answer. Try again.")
TRUNCATED = _("The answer was cut off at the length limit.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ends."""

    state: str
    note: str = ""


async def answer(run: Run, reply: ReplyStream) -> Outcome:
    """Answer into `reply`, and fill in the run's receipt. Raises only CancelledError."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(TIMEOUT):
            return await _answer(run, reply)
    except ModelError as error:
        return Outcome(RunState.FAILED, error.sentence)
    except TimeoutError:
        return Outcome(RunState.FAILED, ANSWER_TIMED_OUT.format(seconds=f"{TIMEOUT:g}"))
    except Exception:  # noqa: BLE001 - whatever it is, the room must hear of it
        logger.exception("run %s broke", run.pk)
        return Outcome(RunState.FAILED, str(INTERNAL_ERROR))
    finally:
        run.total_ms = _ms(time.monotonic() - began)


async def _answer(run: Run, reply: ReplyStream) -> Outcome:
    if run.bot.endpoint.configured:
        note = await _answer_with_model(run, reply)
    else:
        note = ""
        reply.start()
        reply.add(await run_db(_answer_by_rules, run))
        run.read = citations.cited_ids(reply.text)
    return Outcome(RunState.DONE, note)


async def _answer_with_model(run: Run, reply: ReplyStream) -> str:
    """Let the model answer; returns what there is to note about it."""
    found = await run_write(_prepare, run)
    reply.start()  # only now: there is one writer, and the question should not wait for this
    notes: list[str] = []
    asked = asyncio.get_running_loop().time()
    try:
        truncated = await _run_tool_loop(run, reply, found.prompt, notes)
    except ReplyTooLong:
        truncated = True
    finally:
        if reply.first_token_at is not None:
            run.first_token_ms = _ms(reply.first_token_at - asked)
        run.cost = run.bot.cost(run.tokens_in, run.tokens_cached, run.tokens_out)
    if not reply.text.strip():
        raise ModelError(EMPTY_RESPONSE)
    return "; ".join([*notes, *([str(TRUNCATED)] if truncated else [])])


def _prepare(run: Run) -> prompt_builder.Context:
    """All that the database has to do before the model is asked, in one call: each costs a change of threads."""
    _check_allowed(run)
    found = prompt_builder.build(run)
    run.model, run.read = run.bot.endpoint.model, found.read
    found.prompt.tools = tools.TOOL_SCHEMAS if run.bot.tools else []
    quota.reserve(run, request_tokens(found.prompt))
    return found


def _answer_by_rules(run: Run) -> str:
    _check_allowed(run)
    return builtin.answer(run)


def _check_allowed(run: Run) -> None:
    if why := policy.refusal_reason(run):
        raise ModelError(str(REASONS[why].sentence))


async def _run_tool_loop(run: Run, reply: ReplyStream, prompt: Prompt, notes: list[str]) -> bool:
    """Ask, look up what the model wants, and ask again. Returns whether the answer was cut at its longest."""
    failures, left = 0, tools.token_budget(run)
    for round in range(tools.MAX_ROUNDS + 1):
        usable = run.bot.tools and round < tools.MAX_ROUNDS and failures < tools.MAX_FAILURES and left > 0
        prompt.tools = tools.TOOL_SCHEMAS if usable else []
        before = reply.length
        if round:  # the first one was reserved with the context
            await run_write(quota.reserve, run, request_tokens(prompt))
        response = await _request(run, prompt, reply)
        if not response.tool_calls or not usable:
            return response.truncated
        if reply.length > before:
            prompt.turns.append({"role": "assistant", "text": reply.text[before:]})
            reply.add("\n\n")
        for call in response.tool_calls:
            result = await run_db(_run_tool, run, call, left)
            left -= estimate_tokens(result.output)
            failures += bool(result.error)
            prompt.turns += [{"call": call}, {"result": call, "output": result.output}]
            if result.note and result.note not in notes:
                notes.append(result.note)
                await reply.show_note("; ".join(notes))
    return False


def _run_tool(run: Run, call: ToolCall, left: int) -> tools.ToolResult:
    if not policy.asker_may_read(run):  # removed meanwhile: what is looked up now is not theirs
        raise ModelError(str(REASONS["asker_left_room"].sentence))
    return tools.run_tool(run, call, left)


async def _request(run: Run, prompt: Prompt, reply: ReplyStream) -> client.ModelResponse:
    breaker = get_breaker(run.bot.endpoint)
    breaker.check()

    meter = RequestMeter(run, prompt)

    def on_text(piece: str) -> None:
        breaker.record_output()
        meter.on_text(piece)
        reply.add(piece)

    try:
        response = await client.stream_response(run.bot.endpoint, prompt, on_text, meter.on_request)
        meter.on_response(response)
    except ModelError as error:
        breaker.record_failure() if error.is_outage else breaker.record_success()
        raise
    except BaseException:
        breaker.record_cancelled()
        raise
    breaker.record_success()
    return response


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
