"""Catching up on a room in private: asked in direct messages with a bot, "what did I miss in #general?"."""

import re

from rooms.models import Message, Room

from ..models import Bot
from . import policy

MAX_QUESTION = 300  # characters; a longer one asks for something else
_ASKED = re.compile(
    r"(?i)(?:(?:what did i miss|what.s new|catch me up|was ist neu|was habe ich verpasst)"
    r"[^#\n]{0,60}#([a-z0-9_-]{1,100})"
    r"|was habe ich[^#\n]{0,20}#([a-z0-9_-]{1,100})[^#\n]{0,20}verpasst)"
)


def find_room(question: Message, room: Room, bot: Bot) -> Room | None:
    """The room that a direct message to a bot asks about; None unless its author and the bot may read that one."""
    asked = _ASKED.search(question.text) if room.is_direct and len(question.text) <= MAX_QUESTION else None
    if not asked:
        return None
    name = (asked[1] or asked[2]).lower()
    found = Room.objects.visible_to(question.sender_id).filter(name=name).first()
    return found if found and policy.available_bots(found).filter(pk=bot.pk).exists() else None
