"""One reply from the question to its end, by a model or by rules."""

import asyncio
import logging
import time
from dataclasses import dataclass

from django.utils import timezone

from rooms.kernel.db_executor import run_db
from rooms.kernel.notes import NO_NOTE, Note
from rooms.services import block_lists

from ..context import citations
from ..llm.errors import ModelError
from ..models import Run, RunState
from . import builtin
from .model_answer import ModelAnswer, check_allowed
from .reply_stream import ReplyBlocked, ReplyStream

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
    except ReplyBlocked as blocked:
        return _failed(run, ModelError("reply_blocked", phrase=blocked.phrase))
    except TimeoutError:
        return _failed(run, ModelError("answer_timed_out", seconds=f"{TIMEOUT:g}"))
    except Exception:  # noqa: BLE001 - whatever it is, the room must hear of it
        logger.exception("run %s broke", run.pk)
        return _failed(run, ModelError("answer_broke"))
    finally:
        run.total_ms = round((time.monotonic() - began) * 1000)
        run.wait_ms = _waited_ms(run, reply)


def _failed(run: Run, error: ModelError) -> Outcome:
    run.error_detail = error.detail
    return Outcome(RunState.FAILED, error.note)


def _waited_ms(run: Run, reply: ReplyStream) -> int | None:
    """From the question to the first word; None when there was none."""
    if reply.first_token_at is None:
        return None
    since = asyncio.get_running_loop().time() - reply.first_token_at
    return max(0, round(((timezone.now() - run.queued).total_seconds() - since) * 1000))


async def _answer(run: Run, reply: ReplyStream) -> Note:
    """Returns what there is to note about it."""
    if run.bot.endpoint.configured:
        return await ModelAnswer(run, reply).write()
    reply.start()
    reply.add(await run_db(_answer_by_rules, run))
    reply.check_words(finished=True)
    run.read = citations.cited_ids(reply.text)
    return NO_NOTE


def _answer_by_rules(run: Run) -> str:
    check_allowed(run)
    block_lists.read_again({run.room_id, block_lists.SERVER})
    return builtin.answer(run)
