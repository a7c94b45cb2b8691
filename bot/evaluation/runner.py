"""Asks a bot the question of each case, by the code that a worker runs, and checks what it answers."""

import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

from rooms.kernel import notes
from rooms.kernel.db_executor import run_db, run_write

from ..answering.job_runner import JobRunner
from ..models import Bot, Run, RunState
from ..queue import runs
from .cases import Case
from .checks import Answer, cited_numbers, problems
from .rooms import EvaluationRoom, make_room, take_run


@dataclass(frozen=True, slots=True)
class Result:
    """problems: none when it passed."""

    case: Case
    answer: str
    seconds: float
    tokens_in: int
    tokens_out: int
    problems: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.problems


async def evaluate(bot: Bot, cases: Iterable[Case]) -> AsyncIterator[Result]:
    """Each result as it comes, one case after the other. Rows are left in the database: see isolation.py."""
    for case in cases:
        began = time.monotonic()
        room = await run_write(make_room, bot, case)
        await _answer(room.run_id)
        yield await run_db(_check, case, room, time.monotonic() - began)


async def _answer(run_id: int) -> None:
    await JobRunner(await run_db(runs.load, run_id)).execute()
    run = await run_db(runs.load, run_id)
    if run.state == RunState.WAITING:  # moved to the direct message of its asker, for whoever takes it there
        await run_write(take_run, run_id)
        await JobRunner(await run_db(runs.load, run_id)).execute()


def _check(case: Case, room: EvaluationRoom, seconds: float) -> Result:
    run: Run = runs.load(room.run_id)
    text, note = run.message.text, notes.load(run.message.note, run.message.note_data).sentence()
    answer = Answer(text, run.state == RunState.DONE, run.is_redirected, cited_numbers(text, room.ids), note)
    return Result(case, text, seconds, run.tokens_in, run.tokens_out, problems(case, answer, room.times))
