"""A summary for a mail: what a model reads for it, and whether its answer is one."""

import re

from accounts.models import User
from accounts.plain_text import clean
from rooms.models import Block, Room

from ..llm.prompt import Prompt
from . import sql
from .envelope import EXPLANATION, add_turn, to_turns
from .fitting import fit_window
from .message_queries import iterate_prompt_messages, readable_messages
from .surroundings import describe_room

MIN_MESSAGES = 5  # fewer are read as fast as a summary of them
MAX_MESSAGES = 200
MIN_LENGTH, MAX_LENGTH = 20, 900  # characters of a summary
MIN_LETTERS, MIN_DIFFERENT = 0.6, 0.3  # shares, of its characters and its words

SYSTEM = """\
You write a paragraph of a mail to {name}, who was away: what was said meanwhile in a room of a group chat.
{explanation}
Write in {language}, at most 60 words: first what concerns {name} or waits for them, then what was decided and what is \
open, with the names of those who said it. Say nothing that the messages do not say. Plain sentences alone: no \
greeting, no list, no Markdown, no link, no id of a message.
{room}"""
TASK = "That was all. Now write the paragraph in {language}."

_CITATION = re.compile(r"\s{0,3}\[#\d{1,18}(?:/\d{1,9})?\]")
_EMPHASIS = re.compile(r"\*\*|__|`|^#{1,6} ", re.MULTILINE)
# Mail programs make links of these, and whoever writes in a room could have the model repeat one.
_LINK = re.compile(r"(?i)[a-z][a-z0-9+.-]{0,30}://|\bwww\.|\bmailto:|\b[a-z0-9-]{1,63}\.[a-z]{2,63}/|\]\(")


def build(room: Room, user: User, bot_user_id: int, language: str, budget: int) -> Prompt | None:
    """For a member of the room: what they have not read, but for what they wrote or those wrote whom they block.

    None when that is little. language: its name in English. budget: tokens of the messages.
    """
    unread = readable_messages(room).filter(first_seq__gt=sql.read_seq(room.pk, user.pk)).exclude(sender=user)
    newest = unread.exclude(sender__in=Block.objects.ids(user.pk)).order_by("-id")
    if newest[:MIN_MESSAGES].count() < MIN_MESSAGES:
        return None
    window, _begin = fit_window(budget, iterate_prompt_messages(newest[: MAX_MESSAGES + 1]), 0, MAX_MESSAGES)
    turns = to_turns(window, bot_user_id)
    add_turn(turns, "user", TASK.format(language=language))
    system = SYSTEM.format(name=user.username, language=language, explanation=EXPLANATION, room=describe_room(room))
    return Prompt(system, turns)


def in_plain_words(answer: str) -> str:
    """A model's answer as one paragraph without markup. Empty when it is no summary, or has a link."""
    text = " ".join(_EMPHASIS.sub("", _CITATION.sub("", clean(answer))).split())
    words = text.lower().split()
    usable = (
        MIN_LENGTH <= len(text) <= MAX_LENGTH
        and text[0] not in "[{<"
        and not _LINK.search(text)
        and sum(sign.isalpha() or sign == " " for sign in text) >= MIN_LETTERS * len(text)
        and len(set(words)) >= MIN_DIFFERENT * len(words)
    )
    return text if usable else ""
