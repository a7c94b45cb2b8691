"""Catching up on a room in private: asked in direct messages with a bot, "what did I miss in #general?"."""

import re

from rooms.models import Message, Room

from ..models import Bot
from . import policy

MAX_QUESTION = 300  # characters; a longer one asks for something else
_ASKED = re.compile(
    r"(?i)(?:what did i miss|what.s new|what happened|catch me up|bring mich|was ist neu|was habe ich)"
    r"[^#\n]{0,60}#(?P<room>[a-z0-9_-]{1,100})"
)


def find_room(question: Message, room: Room, bot: Bot) -> Room | None:
    """The room that a direct message to a bot asks about; None unless its author and the bot may read that one."""
    asked = _ASKED.search(question.text) if room.is_direct and len(question.text) <= MAX_QUESTION else None
    if not asked:
        return None
    found = Room.objects.visible_to(question.sender_id).filter(name=asked["room"].lower()).first()
    return found if found and policy.available_bots(found).filter(pk=bot.pk).exists() else None
