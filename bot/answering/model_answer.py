"""A reply by a model: what it is given to read, what it looks up, and what is done when its server refuses."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import replace

from rooms.kernel import notes
from rooms.kernel.db_executor import DATABASE_AWAY, run_db, run_write
from rooms.kernel.notes import Note, note
from rooms.services import block_lists

from .. import endpoint_traits
from ..context import prompt_builder
from ..context.files import MAX_PICTURES, ChosenPicture, cost_of
from ..llm import client
from ..llm.breaker import get_breaker
from ..llm.errors import ModelError
from ..llm.prompt import Prompt
from ..llm.tool_calls import ToolCall
from ..models import Run
from ..queue import policy, quota
from . import pictures, tools
from .answer_listener import AnswerListener
from .failure_log import log_failure
from .file_receipt import note_files
from .progress import Progress
from .reply_stream import ReplyStream, ReplyTooLong
from .request_meter import RequestMeter, request_tokens
from .thought_stream import ThoughtStream

logger = logging.getLogger(__name__)

MAX_NOTES = 12  # of what was looked up; the first ones are shown


class ModelAnswer:
    """`write()` answers a run that was loaded with `runs.load`, and fills in its receipt. Raises ModelError."""

    def __init__(self, run: Run, reply: ReplyStream):
        self._run, self._reply = run, reply
        self._endpoint = run.bot.endpoint
        self._budget = prompt_builder.context_budget(run)
        self._notes: list[Note] = []
        self._pictures: list[ChosenPicture] = []  # that it is shown
        self._calls: set[tuple[str, str]] = set()  # names and arguments

    async def write(self) -> Note:
        """Returns what there is to note about the answer."""
        prompt = await run_write(self._prepare)
        self._thoughts = ThoughtStream(self._run)
        self._reply.start()  # only now: there is one writer, and the question should not wait for this
        await self._show_pictures(prompt)
        asked = asyncio.get_running_loop().time()
        try:
            truncated = await self._write(prompt)
        except ReplyTooLong:
            truncated = True
        finally:
            run, reply = self._run, self._reply
            if reply.first_token_at is not None:
                run.first_token_ms = round((reply.first_token_at - asked) * 1000)
            run.cost = run.bot.cost(run.tokens_in, run.tokens_cached, run.tokens_out)
        self._reply.check_words(finished=True)
        if not self._reply.text.strip():
            raise ModelError("model_empty")
        return notes.join([*self._notes, *([note("answer_truncated")] if truncated else [])])

    async def _write(self, prompt: Prompt) -> bool:
        """Returns whether the answer was cut at its longest."""
        try:
            return await self._run_tool_loop(prompt)
        except ModelError as error:
            if error.reason != "model_context_exceeded" or self._reply.length:
                raise
            shorter = await run_write(self._prepare_shorter, request_tokens(prompt), error)
            await self._show_pictures(shorter)
            return await self._run_tool_loop(shorter)

    def _prepare(self) -> Prompt:
        """All that the database has to do before the model is asked, in one call: each costs a change of threads."""
        run = self._run
        check_allowed(run)
        block_lists.read_again({run.room_id, block_lists.SERVER})
        self._endpoint = endpoint_traits.with_traits(run.bot.endpoint)
        self._limit_to_context()
        found = prompt_builder.build(run, self._budget, self._sees)
        self._pictures, run.files = found.pictures, None
        for file, told in found.texts:
            note_files(run, [file], "text", told["page"])
        run.model, run.read, run.window_begin = self._endpoint.model, found.read, found.window_begin
        run.without = " ".join(sorted(self._endpoint.refused))
        if found.left_out:
            reason = "missed_left_out_many" if found.left_out_more else "missed_left_out"
            self._notes = [note(reason, count=found.left_out)]
        found.prompt.tools = tools.TOOL_SCHEMAS if self._has_tools else []
        quota.reserve(run, request_tokens(found.prompt) + cost_of(found.pictures))
        return found.prompt

    def _prepare_shorter(self, refused_tokens: int, error: ModelError) -> Prompt:
        """Half of what was too long, and less if the server said how much it can read; remembered for the next time."""
        size = error.context_tokens or refused_tokens
        endpoint_traits.remember_context_tokens(self._endpoint, size, error.detail)
        self._budget //= 2
        self._calls.clear()
        return self._prepare()

    def _limit_to_context(self) -> None:
        """Leave room for the answer, the instructions and what is looked up."""
        if size := self._endpoint.context_tokens:
            longest = min(self._endpoint.max_tokens or size, size // 4)
            self._endpoint = replace(self._endpoint, max_tokens=longest)
            self._budget = min(self._budget, (size - longest) // 2)

    @property
    def _has_tools(self) -> bool:
        return self._run.bot.tools and "tools" not in self._endpoint.refused

    @property
    def _sees(self) -> bool:
        return "images" not in self._endpoint.refused

    async def _show_pictures(self, prompt: Prompt) -> Collection[str]:
        """Put those that were chosen into the prompt, and into the receipt. Returns the keys of what is there."""
        drawn = await pictures.fetch(self._pictures)
        shown = [picture.file for picture in self._pictures if picture.file.key in drawn]
        prompt.pictures = [drawn[file.key] for file in shown]
        note_files(self._run, shown, "picture")
        return drawn.keys()

    async def _show_picture(self, prompt: Prompt, picture: ChosenPicture) -> bool:
        """One that the model wants to see, instead of a smaller one or of the last. Returns whether it is there."""
        others = [each for each in self._pictures if each.file.mark != picture.file.mark]
        self._pictures = [picture, *others][:MAX_PICTURES]
        return picture.file.key in await self._show_pictures(prompt)

    async def _run_tool_loop(self, prompt: Prompt) -> bool:
        """Ask, look up what the model wants, and ask again."""
        failures, left = 0, self._budget
        for round in range(tools.MAX_ROUNDS + 1):
            goes_on = round < tools.MAX_ROUNDS and failures < tools.MAX_FAILURES and left > 0
            prompt.may_call = goes_on
            if round:  # the first one was reserved with the context
                await run_write(quota.reserve, self._run, request_tokens(prompt))
            before = self._reply.length
            response = await self._request(prompt)
            if not goes_on and response.tool_calls and self._reply.length == before:
                return await self._ask_without_tools(prompt)
            if not response.tool_calls or not goes_on or not self._has_tools:
                return response.truncated
            if self._reply.length > before:
                self._reply.add("\n\n")
            prompt.turns.append({"said": response.said})
            for call in response.tool_calls:
                result = await run_db(self._run_tool, call, left)
                left -= result.tokens
                failures += bool(result.error)
                output = result.output
                if result.picture and not await self._show_picture(prompt, result.picture):
                    output = output.replace(tools.SHOWN, tools.NOT_DRAWN)
                prompt.turns.append({"result": call, "output": output})
                await self._show_note(result.note)
        return False

    async def _ask_without_tools(self, prompt: Prompt) -> bool:
        """For servers that let a model call tools although it may not."""
        prompt.tools = []
        await run_write(quota.reserve, self._run, request_tokens(prompt))
        return (await self._request(prompt)).truncated

    def _run_tool(self, call: ToolCall, left: int) -> tools.ToolResult:
        if not policy.asker_may_read(self._run):  # removed meanwhile: what is looked up now is not theirs
            raise ModelError("asker_left_room")
        if (call.name, call.arguments) in self._calls:
            return tools.repeated()
        self._calls.add((call.name, call.arguments))
        return tools.run_tool(self._run, call, left, self._sees)

    async def _show_note(self, note: Note) -> None:
        if note and note not in self._notes and len(self._notes) < MAX_NOTES:
            self._notes.append(note)
            await self._reply.show_note(notes.join(self._notes))

    async def _request(self, prompt: Prompt) -> client.ModelResponse:
        breaker = get_breaker(self._endpoint)
        breaker.check()
        meter = RequestMeter(self._run, prompt)
        progress = Progress(self._reply, request_tokens(prompt))
        listener = AnswerListener(breaker, meter, self._reply, progress, self._thoughts)
        try:
            with progress:
                response = await client.stream_response(self._endpoint, prompt, listener)
        except ModelError as error:
            breaker.record_failure() if error.is_outage else breaker.record_success()
            log_failure(self._endpoint, error)
            raise
        except BaseException:
            breaker.record_cancelled()
            raise
        breaker.record_success()
        meter.on_response(response)
        if listener.refused:
            await self._go_on_without(listener.refused)
        return response

    async def _go_on_without(self, refused: dict[str, str | None]) -> None:
        for feature, why in refused.items():
            self._endpoint = self._endpoint.without(feature)
            if feature == "images":
                note_files(self._run, [], "picture")
            try:
                if why is not None:
                    await run_write(endpoint_traits.remember_refused, self._run.bot.endpoint, feature, why)
            except DATABASE_AWAY:  # the answer has come, and is kept until the database is back
                logger.warning("that a model server refuses %s is not remembered: the database is away", feature)
        self._run.without = " ".join(sorted(self._endpoint.refused))


def check_allowed(run: Run) -> None:
    """Raises ModelError when the run is not to be answered any more."""
    if why := policy.refusal_reason(run):
        raise ModelError(why)
