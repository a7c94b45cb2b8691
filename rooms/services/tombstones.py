"""Tombstones: what remains of deleted messages, namely who wrote one, and when."""

from collections.abc import Sequence

from ..kernel.signals import messages_deleted
from ..models import UNFINISHED, Message, MessageState, Reaction, Room
from . import attachments, mentions, notifications


def make_tombstones(messages: Sequence[Message], room: Room) -> None:
    """Empty these messages of a locked room and delete what belongs to them. The caller numbers and publishes them."""
    attachments.discard_of(messages)
    ids, named = [message.pk for message in messages], {message.pk: message.mentions for message in messages}
    for message in messages:
        message.text = message.html = message.note = ""
        message.files = message.audience = None
        message.earlier_answers = message.pinned = message.pinned_by = None
        message.note_data, message.search_text, message.mentions, message.deleted = None, None, [], True
        message.state = MessageState.STOPPED if message.state in UNFINISHED else message.state
    rows = Message.objects.filter(pk__in=ids)
    empty = {"text": "", "html": "", "note": "", "note_data": None, "notice": None, "search_text": None, "files": None}
    empty |= {"audience": None, "earlier_answers": None, "pinned": None, "pinned_by": None}
    rows.update(**empty, mentions=[], deleted=True)
    rows.filter(state__in=UNFINISHED).update(state=MessageState.STOPPED)
    Reaction.objects.filter(message__in=ids).delete()
    for message in messages:
        if named[message.pk]:
            mentions.unmark(message, named[message.pk])
    notifications.withdraw_all(messages)
    messages_deleted.send(Message, messages=messages, room=room)
