"""What a model reads: messages of the room it is asked in, and of no other, within a token budget.

Providers read again only what is new, for a tenth of the price and the time, so a prompt begins as the last one did:
the system text is the same for a bot and room, the window of messages begins at the same one (fitting.py), and all
that belongs to this question alone comes last.
"""

from dataclasses import dataclass

import orjson
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.time_zones import find_time_zone
from rooms.models import MessageKind

from ..llm.prompt import Prompt
from ..models import Run
from . import sql
from .envelope import EXPLANATION, add_turn, to_line, to_turns
from .file_texts import cost_of_page, read_along
from .files import MAX_PICTURES, SMALLEST, ChosenPicture, PromptFile, cost_of, fit_pictures, pictures_of
from .fitting import cost, estimate_tokens, fit_thread, fit_window
from .message_queries import (
    PromptMessage,
    get_thread,
    iterate_prompt_messages,
    last_read_id,
    missed_messages,
    readable_messages,
)
from .surroundings import describe_room

MAX_MESSAGES = 300
MAX_COUNTED = 10_000  # messages that were missed: a room may hold a million

SYSTEM = """\
You are @{handle}{called}, a member of a group chat of people and bots.
{instruction}
{explanation}
Last comes a JSON object that says when you are asked, by whom and what they have read, then objects with pages of \
the files that came with the question, if there are any, then the message you are addressed in. Answer that one with \
your words alone, in its language, in Markdown.
To point to a message write its id like [#123], to a file of it [#123/1]; use only ids that you have read.
{room}"""
CATCH_UP = """
Its author asks what they have missed. Tell them briefly what the other messages say, what concerns them first, and \
cite each message that you tell of. Only they will see your answer."""


@dataclass(slots=True)
class Context:
    prompt: Prompt
    read: list[int]  # ids of the messages in it
    tokens: int  # an estimate, on the high side
    window_begin: int  # id of the first message of the window; 0: that of the room
    pictures: list[ChosenPicture]  # to be shown with it
    texts: list[tuple[PromptFile, dict]]  # pages that are in it
    left_out: int = 0  # messages that were missed and did not fit; of MAX_COUNTED messages, where there are more
    left_out_more: bool = False  # … there are


def context_budget(run: Run) -> int:
    """Tokens of the messages that its bot may read for one answer; what it looks up may have as many again."""
    return run.bot.context_tokens or settings.BOT_CONTEXT_TOKENS


def build(run: Run, budget: int, with_pictures: bool = True) -> Context:
    """The prompt for a run that was loaded with `runs.load`. budget: tokens of the messages in it, and of pictures."""
    system = _build_system(run)
    if run.question.deleted:
        return Context(Prompt(system, []), [], estimate_tokens(system), 0, [], [])
    question = PromptMessage.from_message(run.question)
    # A question in direct messages about a room: what it answers stands in the former.
    above, beside = ([], iter(())) if run.is_asked_elsewhere else get_thread(run.question)
    asked_about = pictures_of([question, *above]) if with_pictures else []
    for_files = budget // 2 - cost(question)
    texts = read_along(question, for_files // 2 if asked_about else for_files) if question.files else []
    of_texts = sum(map(cost_of_page, texts))
    shown = fit_pictures(asked_about, for_files - of_texts)
    # What comes last has a quarter, so that the window stays the same; a long question, or one about files, takes up to
    # half.
    window_budget = budget - min(budget // 2, max(budget // 4, cost(question) + of_texts + cost_of(shown)))
    window, begin = _read_window(run, window_budget)
    whole = {line.id for line in window if line.text == _texts(above).get(line.id, line.text)}
    used = sum(map(cost, window)) + of_texts + cost_of(shown)
    thread = fit_thread(
        budget - used,
        [question, *(line for line in above if line.id not in whole)],
        (line for line in beside if line.id not in whole),
    )
    turns = to_turns(window, run.bot.user_id)
    add_turn(turns, "user", "\n".join(_last_lines(run, thread, window, [page for _file, page in texts])))
    read = sorted({line.id for line in (*window, *thread)} - ({question.id} if run.is_asked_elsewhere else set()))
    used += sum(map(cost, thread))
    if with_pictures:
        shown = _with_near(shown, thread, window, budget - used)
    tokens = used + cost_of(shown) + estimate_tokens(system)
    missed = _latest(run)[: MAX_COUNTED + 1].count() if run.is_redirected and begin else len(window)
    prompt = Prompt(system, turns, cache_key=f"{run.bot_id}-{run.reading_room_id}")
    return Context(
        prompt, read, tokens, begin, shown, texts, min(missed, MAX_COUNTED) - len(window), missed > MAX_COUNTED
    )


def _with_near(
    shown: list[ChosenPicture], thread: list[PromptMessage], window: list[PromptMessage], budget: int
) -> list[ChosenPicture]:
    """Those of the question and what it answers that are in the prompt; then the newest others, small, where there is
    room: a model may ask for a larger one."""
    there = {line.id: line for line in (*thread, *window)}
    shown = [picture for picture in shown if picture.file.message_id in there]
    known = {picture.file.mark for picture in shown}
    near = pictures_of(sorted(there.values(), reverse=True), known)[: MAX_PICTURES - len(shown)]
    return [*shown, *fit_pictures(near, budget, SMALLEST)]


def _build_system(run: Run) -> str:
    handle, name = run.bot.user.username, run.bot.name.strip()
    called = f", called {name}" if name and name != handle else ""
    system = SYSTEM.format(
        handle=handle,
        called=called,
        instruction=run.bot.instruction.strip(),
        explanation=EXPLANATION,
        room=describe_room(run.reading_room),
    )
    return system + CATCH_UP if run.is_redirected else system


def _read_window(run: Run, budget: int) -> tuple[list[PromptMessage], int]:
    messages = iterate_prompt_messages(_latest(run).order_by("-id")[: MAX_MESSAGES + 1])
    begin = 0 if run.is_redirected else sql.last_window_begin(run.room_id, run.bot_id, run.pk)
    return fit_window(budget, messages, begin, MAX_MESSAGES)


def _latest(run: Run):
    question = run.question
    if run.is_redirected:
        return missed_messages(run.reading_room, run.asker, question.id)
    # What was said up to the question, and what other bots have answered to it since.
    before = Q(pk__lt=question.id) | Q(kind=MessageKind.BOT, reply_to=question)
    return readable_messages(run.reading_room).filter(before).exclude(pk=run.message_id)


def _texts(messages: list[PromptMessage]) -> dict[int, str]:
    return {message.id: message.text for message in messages}


def _last_lines(
    run: Run, thread: list[PromptMessage], window: list[PromptMessage], pages: list[dict]
) -> list[str]:  # fmt: skip
    """What belongs to this question alone: when and by whom it is asked, what it answers, its files, and itself."""
    *above, question = thread
    now = timezone.now()
    about: dict[str, str | int] = {"now": f"{now:%A %Y-%m-%d %H:%M} UTC", "asked_by": run.asker.username}
    if zone := find_time_zone(run.asker.time_zone):
        about["now_where_they_are"] = f"{now.astimezone(zone):%A %Y-%m-%d %H:%M} {run.asker.time_zone}"
    if not run.is_redirected and (read := last_read_id(run.reading_room, run.asker, window)):
        about["has_read_up_to"] = read
    if above:
        about["before_the_question"] = "messages of its thread"
    earlier = [to_line(message, run.bot.user_id, dated=True) for message in above]
    return [orjson.dumps(about).decode(), *earlier, *(orjson.dumps(page).decode() for page in pages), to_line(question)]
