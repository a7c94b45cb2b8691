"""Answers without a model: help, who is here, find words in this room, what did I miss."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from presence import sync_client
from rooms.kernel.errors import ChatError
from rooms.models import Membership
from rooms.text.mention_syntax import MENTION

from ..context import digest
from ..context.message_queries import search_messages
from ..models import Run

MAX_FOUND = 8  # messages shown
MAX_NAMES = 100

NOT_CONFIGURED = gettext_lazy(
    "No language model is connected to me yet. The administrator can connect one under “Server settings”; or in the "
    "server's environment or `.env` file: `OPENAI_API_KEY` with a key, or `OPENAI_BASE_URL` with the address of any "
    "server that speaks the same API (Ollama, vLLM, llama.cpp, …), and `OPENAI_MODEL` with the model's name; then "
    "restart the server."
)
HELP = (
    gettext_lazy("This is what I can do:"),
    gettext_lazy("- **who is here**: the people in this room"),
    gettext_lazy("- **find** *words*: messages in this room with all of these words"),
    gettext_lazy("- **what did I miss**: what was said since you were last here"),
    gettext_lazy("- **catch me up**: the same in full, only for you"),
    gettext_lazy("- **help**: this list"),
)


def answer(run: Run) -> str:
    """The whole answer to a run that was loaded with `runs.load`, as Markdown."""
    if run.is_redirected:
        return digest.full(run.reading_room, run.asker, run.question_id)
    words = " ".join(MENTION.sub(" ", run.question.text).split())
    for pattern, respond in _SKILLS:
        if match := pattern.search(words):
            return respond(run, match)
    return f"{NOT_CONFIGURED}\n\n{_('Until then, try **help**.')}"


def asks_to_catch_up(text: str) -> bool:
    """Whether a message asks what its author has missed, and nothing else: that is told to them alone."""
    words = re.findall(r"\w+", MENTION.sub(" ", text).lower())
    return bool(_CATCH_UP.fullmatch(" ".join(words)))


def get_usernames(user_ids: list[int]) -> list[str]:
    """In alphabetical order, MAX_NAMES at most."""
    users = User.objects.filter(pk__in=user_ids).order_by("username")
    return list(users.values_list("username", flat=True)[:MAX_NAMES])


def _help(run: Run, _match) -> str:
    title, *skills = HELP
    listed = "\n".join(map(str, skills))
    return f"{title}\n\n{listed}" + ("" if run.bot.endpoint.configured else f"\n\n{NOT_CONFIGURED}")


def _who_is_here(run: Run, _match) -> str:
    members = Membership.objects.filter(room=run.room, banned=False, user__is_active=True)
    count = members.count()
    belong = ngettext("{count} person is a member of this room", "{count} people are members of this room", count)
    belong = belong.format(count=f"{count:,}")
    online = sync_client.get_online(run.room.name)
    here = get_usernames(online.ids)
    if online.stale or not here:
        names = get_usernames(list(members.order_by("user__username").values_list("user_id", flat=True)[:MAX_NAMES]))
        return f"{belong}: {', '.join(names)}."
    more = " " + _("and {count} more").format(count=f"{online.count - len(here):,}")
    here_now = _("Here now: {names}").format(names=", ".join(here))
    return f"{here_now}{more if online.count > len(here) else ''}. {belong}."


def _find(run: Run, match: re.Match) -> str:
    words = match["words"].strip(" \"'“”.?!")
    if not words:
        return _("Find what? Write: **find** *words*")
    try:
        found = search_messages(run.room, words, MAX_FOUND + 1, run.question_id)
    except ChatError as error:
        return error.message
    shown = f"`{words.replace('`', chr(39))}`"  # as code: no link, no mention, and visibly not the bot's own words
    if not found:
        return _("I found nothing in this room for {words}.").format(words=shown)
    more = "\n\n" + _("There are more; add a word to narrow it down.") if len(found) > MAX_FOUND else ""
    title = _("Found for {words}, newest first:").format(words=shown)
    return f"{title}\n\n" + "\n".join(digest.list_item(hit.message) for hit in found[:MAX_FOUND]) + more


def _missed(run: Run, _match) -> str:
    return digest.short(run.room, run.asker, run.question_id)


_BEFORE = "hey|hi|hello|ok|okay|so|now|please|pls|just|quickly|can|could|will|would|you|hallo|bitte|mal|kurz|jetzt"
_BEHIND = "please|pls|now|quickly|thanks|thank you|bitte|mal|kurz|jetzt|danke|on this room|on everything|in here|here"
_SO = "(?: (?:bitte|mal|kurz|wieder))*"
_STAND = rf"mich{_SO} auf den(?: (?:neuesten|aktuellen))? stand"
_CATCH_UP = re.compile(
    rf"(?:(?:{_BEFORE}) )*"
    rf"(?:catch me up|bring{_SO} {_STAND}|(?:kannst|könntest|würdest) du{_SO} {_STAND} bringen)"
    rf"(?: (?:{_BEHIND}))*"
)
_SKILLS: list[tuple[re.Pattern, Callable[[Run, re.Match], str]]] = [
    (
        re.compile(r"(?i)\b(what did i miss|catch me up|what.s new|what happened|was habe ich verpasst|was ist neu)\b"),
        _missed,
    ),
    (re.compile(r"(?i)\bwho(.s| is| are)? ?(else )?(is )?(here|online|there|in this room)\b"), _who_is_here),
    (re.compile(r"(?i)\bwer ist (noch )?(alles )?(hier|da|online|im raum)\b"), _who_is_here),
    (re.compile(r"(?i)^\W*(please |bitte )?(find|search|finde|suche)( for| nach)?\b(?P<words>.*)"), _find),
    (re.compile(r"(?i)^\W*+(help|what can you do|hilfe|was kannst du)?\W*$"), _help),
]
