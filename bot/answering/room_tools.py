"""The tools themselves: each reads the room that a question was asked in, wherever its answer goes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from accounts.models import User
from presence import sync_client
from rooms.kernel.notes import NO_NOTE, Note, note
from rooms.models import Membership, Message
from rooms.search.message_search import MAX_CLOCK_DRIFT, Hit, first_id_since
from rooms.search.query import find_hits, parse

from ..context.envelope import to_array
from ..context.files import PromptFile, files_of
from ..context.message_queries import (
    PromptMessage,
    get_thread,
    iterate_prompt_messages,
    missed_messages,
    readable_messages,
    search_messages,
)
from ..models import Run
from . import builtin
from .tool_arguments import ToolError, get_message_id, get_optional_text, get_text, get_time, take_operators

MAX_RESULTS = 12  # messages in a result
MAX_READ = 40  # messages of one that is read through
MAX_MESSAGE_LENGTH = 600  # characters of each
BEFORE_HIT = 200  # of these, before the first word that was looked for
MAX_COUNTED = 1000  # messages that are left out of a result
MAX_PEOPLE = 100
CUT = "[…]"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Of a page of a file."""

    file: PromptFile
    page: int
    text: str


@dataclass(slots=True)
class Found:
    """data: for the model, to be JSON. note: for the people. read: ids of the messages in it.

    picture: to be shown, where the model sees; text, page: a file of which a page is in it; excerpts: of others.
    """

    data: dict
    note: Note = NO_NOTE
    read: list[int] = field(default_factory=list)
    picture: PromptFile | None = None
    text: PromptFile | None = None
    page: int = 0
    excerpts: list[Excerpt] = field(default_factory=list)


def _search_room(run: Run, arguments: dict) -> Found:
    words, typed = take_operators(get_text(arguments, "words"))
    arguments = {"sender": typed.get("from"), **typed, **arguments}
    name = get_optional_text(arguments, "sender").lstrip("@＠")
    since, until = get_time(arguments, "since"), get_time(arguments, "until")
    hits = search_messages(
        run.reading_room, words, MAX_RESULTS, run.question_id, _user_id(name) if name else None, since, until, True
    )
    found = _result([hit.message for hit in hits], note("searched", words=words[:60], count=len(hits)), words)
    found.excerpts = [part for hit in hits if (part := _page_of(hit))]
    if found.excerpts:
        found.data["files"] = [
            {"file": part.file.mark[1:], "page": part.page, "excerpt": part.text} for part in found.excerpts
        ]
    return found


def _page_of(hit: Hit) -> Excerpt | None:
    """Where the words are, if that is on a page of a file."""
    if hit.file is None or not hit.file.page:
        return None
    files = files_of(PromptMessage.from_message(hit.message))
    file = next((each for each in files if each.key == hit.file.key), None)
    text = "".join(piece for piece, _is_hit in hit.excerpt)
    return Excerpt(file, hit.file.page, text) if file else None


def _read_around(run: Run, arguments: dict) -> Found:
    id = get_message_id(arguments)
    here = readable_messages(run.reading_room)
    before = list(here.filter(pk__lte=id).order_by("-id")[: MAX_RESULTS // 2])
    after = list(here.filter(pk__gt=id).order_by("id")[: MAX_RESULTS // 2])
    if not before or before[0].id != id:
        raise ToolError("There is no such message in this room.")
    return _result([*reversed(before), *after], note("read_around", id=id))


def _read_between(run: Run, arguments: dict) -> Found:
    since, until = get_time(arguments, "since"), get_time(arguments, "until")
    if not since:
        raise ToolError("since must be a date or a time.")
    # By ids too, which the index has: a room may hold a million messages before that.
    begin = first_id_since(since - MAX_CLOCK_DRIFT)
    said = readable_messages(run.reading_room).filter(created__gte=since, pk__range=(begin, run.question_id - 1))
    if until:
        said = said.filter(created__lt=until, pk__lt=first_id_since(until + MAX_CLOCK_DRIFT))
    return _read_through(said, note("read_since", day=f"{since:%Y-%m-%d}"))


def _missed_by_asker(run: Run, _arguments: dict) -> Found:
    missed = missed_messages(run.reading_room, run.asker, run.question_id)
    return _read_through(missed, note("read_missed"))


def _read_thread(run: Run, arguments: dict) -> Found:
    id = get_message_id(arguments)
    here = readable_messages(run.reading_room)
    message = here.filter(pk=id).first()
    if message is None:
        raise ToolError("There is no such message in this room.")
    above, beside = get_thread(message)
    replies = iterate_prompt_messages(here.filter(reply_to=id).order_by("id")[:MAX_RESULTS])
    lines = {line.id: line for line in (*above, *beside, PromptMessage.from_message(message), *replies)}
    return _result(sorted(lines.values()), note("read_thread", id=id))


def _said_by(run: Run, arguments: dict) -> Found:
    name = get_text(arguments, "name").lstrip("@＠")
    found = readable_messages(run.reading_room).filter(sender__username__iexact=name, pk__lt=run.question_id)
    words = get_optional_text(arguments, "words").split()[:8]
    for word in words:
        found = found.filter(text__icontains=word)
    messages = list(found.order_by("-id")[:MAX_RESULTS])
    return _result(messages, note("looked_up_person", name=name[:32]), " ".join(words))


def _list_people(run: Run, _arguments: dict) -> Found:
    members = Membership.objects.filter(room=run.reading_room, banned=False, user__is_active=True)
    names = members.order_by("user__username").values_list("user__username", flat=True)
    return Found({"people": list(names[:MAX_PEOPLE]), "count": members.count()}, note("looked_up_members"))


def _who_is_online(run: Run, _arguments: dict) -> Found:
    online = sync_client.get_online(run.reading_room.name)
    if online.stale:
        raise ToolError("Who is online cannot be known just now.")
    names = builtin.get_usernames(online.ids)
    return Found({"online": names, "count": online.count}, note("checked_online"))


def _read_through(messages, note: Note) -> Found:
    """Messages from the oldest on; and how many more there are, so that a model does not take a part for all."""
    found = list(messages.order_by("id")[:MAX_READ])
    result = _result(found, note)
    if len(found) == MAX_READ and (more := messages.filter(pk__gt=found[-1].id)[:MAX_COUNTED].count()):
        count = str(more) if more < MAX_COUNTED else f"at least {more}"
        at = f"{found[-1].created:%Y-%m-%dT%H:%M}"
        result.data["more"] = f"{count} later messages are left out; read them from {at} on"
    return result


def _result(found: Iterable[Message | PromptMessage], note: Note, words: str = "") -> Found:
    lines = [line if isinstance(line, PromptMessage) else PromptMessage.from_message(line) for line in found]
    shown = [to_array(line._replace(text=_cut(line.text, words)), dated=True) for line in lines]
    return Found({"messages": shown}, note, [line.id for line in lines])


def _cut(text: str, words: str) -> str:
    """A text in MAX_MESSAGE_LENGTH characters, with a mark where something is missing: around the words looked for."""
    if len(text) <= MAX_MESSAGE_LENGTH:
        return text
    hit = next(find_hits(text[:20_000], parse(words)), (0, 0))[0] if words else 0
    start = max(0, min(hit - BEFORE_HIT, len(text) - MAX_MESSAGE_LENGTH))
    end = start + MAX_MESSAGE_LENGTH
    return (CUT if start else "") + text[start:end] + (CUT if end < len(text) else "")


def _user_id(name: str) -> int:
    user_id = User.objects.filter(username__iexact=name).values_list("pk", flat=True).first()
    if user_id is None:
        raise ToolError("There is no user of this name.")
    return user_id


HANDLERS: dict[str, Callable[[Run, dict], Found]] = {
    "search_room": _search_room,
    "read_around": _read_around,
    "read_between": _read_between,
    "missed_by_asker": _missed_by_asker,
    "read_thread": _read_thread,
    "said_by": _said_by,
    "list_people": _list_people,
    "who_is_online": _who_is_online,
}
