"""Marks the answers that were made from messages which have been deleted since."""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from rooms.kernel import notes
from rooms.kernel.db_executor import DATABASE_AWAY
from rooms.models import Message, Room
from rooms.services import bot_replies

from ..models import Run, RunState

logger = logging.getLogger(__name__)

MAX_LOOKED_AT = 500  # answers given since, the latest ones
MAX_MARKED = 20  # of these


def on_deleted(sender: Any, messages: list[Message], room: Room, **_signal: Any) -> None:
    """After the commit: each mark is a change of its own, which other rooms may see too."""
    transaction.on_commit(partial(_mark_answers, room.pk, {message.pk for message in messages}), robust=True)


def _mark_answers(room_id: int, deleted: set[int]) -> None:
    made_from_it = Q(room=room_id) | Q(reads=room_id)
    given = Run.objects.filter(made_from_it, state=RunState.DONE, message_id__gt=min(deleted))
    # Rows as they are: the lists of what was read are long.
    latest = given.order_by("-pk").values_list("message_id", "question_id", "read")[:MAX_LOOKED_AT]
    made_from = (id for id, question, read in latest if (deleted - {question}).intersection(read))
    try:
        for message_id, _number in zip(made_from, range(MAX_MARKED), strict=False):
            _mark(message_id)
    except DATABASE_AWAY:
        logger.warning("some answers are not marked that were made from deleted messages: the database is away")


def _mark(message_id: int) -> None:
    reply = Message.objects.filter(pk=message_id, deleted=False).values_list("note", "note_data").first()
    said = notes.load(*reply) if reply else None
    if said is None or any(each["reason"] == "source_deleted" for each in said.reasons):
        return
    mark = notes.note("source_deleted")
    bot_replies.update(message_id, note=notes.join([said, mark]) if said else mark)
