"""One reply from the question to its end, by a model or by rules."""

import asyncio
import logging
import time
from dataclasses import dataclass

from rooms.kernel.db_executor import run_db
from rooms.kernel.notes import NO_NOTE, Note

from ..context import citations
from ..llm.errors import ModelError
from ..models import Run, RunState
from . import builtin
from .model_answer import ModelAnswer, check_allowed
from .reply_stream import ReplyStream

logger = logging.getLogger(__name__)

TIMEOUT = 300.0  # seconds for a whole answer


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ends."""

    state: str
    note: Note = NO_NOTE


async def answer(run: Run, reply: ReplyStream) -> Outcome:
    """Answer into `reply`, and fill in the run's receipt. Raises only CancelledError."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(TIMEOUT):
            return Outcome(RunState.DONE, await _answer(run, reply))
    except ModelError as error:
        return _failed(run, error)
    except TimeoutError:
        return _failed(run, ModelError("answer_timed_out", seconds=f"{TIMEOUT:g}"))
    except Exception:  # noqa: BLE001 - whatever it is, the room must hear of it
        logger.exception("run %s broke", run.pk)
        return _failed(run, ModelError("answer_broke"))
    finally:
        run.total_ms = round((time.monotonic() - began) * 1000)


def _failed(run: Run, error: ModelError) -> Outcome:
    run.error_detail = error.detail
    return Outcome(RunState.FAILED, error.note)


async def _answer(run: Run, reply: ReplyStream) -> Note:
    """Returns what there is to note about it."""
    if run.bot.endpoint.configured:
        return await ModelAnswer(run, reply).write()
    reply.start()
    reply.add(await run_db(_answer_by_rules, run))
    run.read = citations.cited_ids(reply.text)
    return NO_NOTE


def _answer_by_rules(run: Run) -> str:
    check_allowed(run)
    return builtin.answer(run)
