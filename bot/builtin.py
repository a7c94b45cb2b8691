"""Answers without a model: help, who is here, find words in this room, what did I miss."""

import re
from collections.abc import Callable

from rooms.models import Membership, Message, MessageKind, Room

from .context import readable
from .models import Run

FOUND = 8  # messages shown
EXCERPT = 160  # characters of each

CONNECT = """\
No language model is connected to me yet. Whoever runs this server can do it in its environment or `.env` file:
`OPENAI_API_KEY` with a key, or `OPENAI_BASE_URL` with the address of any server that speaks the same API (Ollama, \
vLLM, llama.cpp, …), and `OPENAI_MODEL` with the model's name; then start the server again."""

HELP = """\
This is what I can do:

- **who is here**: the people of this room
- **find** *words*: messages of this room with all of these words
- **what did I miss**: what was said since you were here last
- **help**: this list

{connect}"""


def answer(run: Run) -> str:
    """The whole answer to a run that was loaded with `runs.load`, as Markdown."""
    words = _without_mentions(run.question.text)
    for pattern, respond in _SKILLS:
        if match := pattern.search(words):
            return respond(run, match)
    return f"{CONNECT}\n\nUntil then, try **help**."


def helped(run: Run, _match) -> str:
    return HELP.format(connect=CONNECT if not run.bot.endpoint.configured else "").rstrip()


def who_is_here(run: Run, _match) -> str:
    people = list(
        Membership.objects.filter(room=run.room, banned=False, user__is_active=True)
        .order_by("user__username")
        .values_list("user__username", flat=True)[:100]
    )
    return f"{_count(len(people), 'person belongs', 'people belong')} to this room: {', '.join(people)}."


def find(run: Run, match: re.Match) -> str:
    words = match["words"].strip(" \"'“”.?!")
    found = search(run.room, words, FOUND + 1, before=run.question_id) if words else []
    if not found:
        return f"I found nothing in this room for “{words}”." if words else "Find what? Write: find *words*"
    lines = [line(message) for message in found[:FOUND]]
    more = "\n\nThere are more; add a word to narrow it down." if len(found) > FOUND else ""
    return f"{'These' if len(lines) > 1 else 'This'} I found for “{words}”, newest first:\n\n" + "\n".join(lines) + more


def missed(run: Run, _match) -> str:
    since = last_read(run)
    new = readable(run.room).filter(first_seq__gt=since, pk__lt=run.question_id).exclude(sender=run.asker)
    latest = list(new.order_by("-id")[:FOUND])[::-1]
    if not latest:
        return "You have missed nothing here."
    total, people = new.count(), new.order_by().values("sender").distinct().count()
    head = f"{_count(total, 'message', 'messages')} by {_count(people, 'person', 'people')} since you were here last."
    tail = "The latest:" if total > len(latest) else "They are:"
    return f"{head} {tail}\n\n" + "\n".join(line(message) for message in latest)


def search(room: Room, words: str, limit: int, before: int | None = None) -> list[Message]:
    """Messages of one room that hold all these words, newest first. A bot's answers are not searched."""
    found = readable(room).filter(kind=MessageKind.HUMAN)
    for word in words.split()[:8]:
        found = found.filter(text__icontains=word)
    if before:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-id")[:limit])


def last_read(run: Run) -> int:
    """Where the asker was when they came: what they had read, or, when their screen has marked everything as read
    by now, where they last spoke."""
    mine = Membership.objects.filter(room=run.room, user=run.asker).first()
    read = mine.read_seq if mine else 0
    theirs = Message.objects.filter(room=run.room, sender=run.asker, pk__lt=run.question_id).order_by("-id")
    spoken = theirs.values_list("first_seq", flat=True).first() or 0
    unread = readable(run.room).filter(first_seq__gt=read, pk__lt=run.question_id).exclude(sender=run.asker)
    return read if unread.exists() else min(read, spoken)


def line(message: Message) -> str:
    """A message as an item of a list, with a citation that becomes a link."""
    text = " ".join(message.text.split())
    text = text if len(text) <= EXCERPT else text[: EXCERPT - 1].rstrip() + "…"
    return f"- **{message.sender.username}**: {_literal(text)} [#{message.id}]"


def _literal(text: str) -> str:
    """Somebody's words, not their Markdown, and without addressing anybody."""
    return re.sub(r"([\\`*_{}\[\]<>#|~@])", r"\\\1", text)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _without_mentions(text: str) -> str:
    return " ".join(re.sub(r"(?<!\w)@[\w.-]+", " ", text).split())


_SKILLS: list[tuple[re.Pattern, Callable[[Run, re.Match], str]]] = [
    (re.compile(r"(?i)\b(what did i miss|catch me up|what.s new|what happened)\b"), missed),
    (re.compile(r"(?i)\bwho(.s| is| are)? ?(else )?(is )?(here|online|there|in this room)\b"), who_is_here),
    (re.compile(r"(?i)^\W*(please )?(find|search)( for)?\b(?P<words>.*)"), find),
    (re.compile(r"(?i)^\W*(help|what can you do)?\W*$"), helped),
]
