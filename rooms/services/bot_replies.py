"""The replies of bots. Each is one message whose state changes. People can stop it, or ask for it again."""

from functools import partial

from django.db import transaction

from accounts.models import User
from accounts.plain_text import nfc

from ..kernel.errors import ChatError
from ..kernel.notes import NO_NOTE, Note
from ..kernel.rights import Action
from ..kernel.signals import retry_requested, stop_requested
from ..models import Message, MessageKind, MessageState, Room
from ..publishing import events
from ..text.markup import Rendered, render_plain
from ..text.rendering import render
from ..text.search_terms import index_text
from . import audiences, keywords, notifications, own_emoji
from .membership import get_visible_room
from .post_rights import check_may_write
from .rights import check
from .room_locks import lock_room_or_none
from .sql import insert_messages, save_room_heads, save_unfinished_texts


def stop(user: User, room_name: str, message_id: int) -> None:
    """Stop a bot's reply, which keeps the text written so far. Any member may.

    Raises ChatError: reply_finished, no_such_reply, no_such_room.
    """
    message = get_visible_reply(user, room_name, message_id)
    if message.finished:
        raise ChatError("reply_finished")
    with transaction.atomic():
        stop_requested.send(Message, message=message, user=user)


def retry(user: User, room_name: str, message_id: int) -> None:
    """Ask a bot to answer again. For whoever asked, and for moderators.

    Raises ChatError: not_asker_or_moderator, reply_unfinished, room_archived, no_such_reply, no_such_room.
    """
    message = get_visible_reply(user, room_name, message_id)
    check_may_write(user, message.room)
    asker = message.reply_to.sender_id if message.reply_to else None
    if user.id != asker:
        check(Action.RETRY_OTHERS, user, message.room)
    if not message.finished or message.deleted:
        raise ChatError("reply_unfinished")
    with transaction.atomic():
        retry_requested.send(Message, message=message, user=user)


def get_visible_reply(user: User, room_name: str, message_id: int) -> Message:
    """A bot's message, as this person may see it. Raises ChatError: no_such_reply, no_such_room."""
    room = get_visible_room(user.id, room_name)
    message = Message.objects.for_wire().filter(room=room, pk=message_id, kind=MessageKind.BOT).first()
    if message is None:
        raise ChatError("no_such_reply")
    return message


def create_placeholder(
    room: Room, bot: User, question: Message | None, note: Note = NO_NOTE, state: str = MessageState.QUEUED
) -> Message:
    """The placeholder of a bot's reply, in the transaction of the question. `room` is locked by the caller.

    question: None when the reply stands in another room than it.
    """
    seq = room.next_seq()
    message = Message(
        room=room,
        seq=seq,
        first_seq=seq,
        kind=MessageKind.BOT,
        state=state,
        sender=bot,
        reply_to=question,
        note=note.text,
        note_data=note.to_json(),
    )
    insert_messages([message])
    events.message(message, reactions=[])
    return message


def update(message_id: int, *, text: str | None = None, html: str | None = None, state: str | None = None,
                 note: Note | None = None, earlier: int | None = None, only_from: tuple[str, ...] | None = None,
                 room: Room | None = None) -> Message | None:  # fmt: skip
    """Change a bot's reply and tell the room. Finished text gets its html.

    earlier: how many answers there were before this one. only_from: change it only from one of these states.
    room: its room, when the caller has locked it already; such a caller gives `html` too, made of `text` before the
    lock by `finished_html`: finished text without it is plain until the commit.
    Returns None when the message is gone, deleted or in another state: the caller then leaves it alone.
    """
    if text and html is None and room is None:
        html = finished_html(render_finished(text))
    with transaction.atomic(savepoint=False):
        room = room or _locked_room_of(message_id)
        message = Message.objects.for_wire().filter(pk=message_id, deleted=False).first() if room else None
        if room is None or message is None or (only_from and message.state not in only_from):
            return None
        message.room = room
        finished_now = state == MessageState.COMPLETE and not message.finished
        message.state = state or message.state
        if note is not None:
            message.note, message.note_data = note.text, note.to_json()
        message.earlier_answers = message.earlier_answers if earlier is None else earlier
        _set_text(message, text, html)
        message.seq = room.next_seq()
        message.save(update_fields=_REPLY_FIELDS)
        save_room_heads([room])
        if finished_now:
            notifications.notify_of_answer(message)
            room.calls_all = room.memberships.filter(hears_all=True).exists()
            room.calls_words = room.memberships.filter(hears_words=True).exists()
            audiences.tell([message])
            keywords.look_for([message])
        events.message(message, fresh=message.state == MessageState.COMPLETE)
    return message


_REPLY_FIELDS = ["text", "search_text", "state", "note", "note_data", "earlier_answers", "html", "seq"]


def render_finished(text: str) -> Rendered:
    """The text of a reply that ends. No database access."""
    return render(nfc(text))


def finished_html(rendered: Rendered) -> str:
    """The HTML that `update` wants for the text of a finished reply, with the server's own emoji."""
    return rendered.html(emoji=own_emoji.addresses_in([rendered]))


def _set_text(message: Message, text: str | None, html: str | None) -> None:
    if text is None and message.html and message.state != MessageState.STREAMING:
        return  # asked again, or stopped before it began: the earlier answer stays as it is until the new one begins
    text, words, message.html = message.text if text is None else text, None, ""
    if message.finished:  # until then clients append to it at counted positions
        text = nfc(text)
        words = index_text(text)
    message.set_text(text, words)
    if message.finished and text:
        message.html = render_plain(message.text).html() if html is None else html
        if html is None:
            transaction.on_commit(partial(_render_later, message.id, message.text), robust=True)


def _render_later(message_id: int, text: str) -> None:
    """Give its html to a reply that was finished by somebody who held its lock."""
    html = finished_html(render(text))
    with transaction.atomic():
        if not (room := _locked_room_of(message_id)):
            return
        message = Message.objects.for_wire().filter(pk=message_id, deleted=False, text=text).first()
        if message and message.finished and message.html != html:
            message.room, message.html, message.seq = room, html, room.next_seq()
            message.save(update_fields=["html", "seq"])
            save_room_heads([room])
            events.message(message)


def _locked_room_of(message_id: int) -> Room | None:
    room_id = Message.objects.filter(pk=message_id).values_list("room_id", flat=True).first()
    return lock_room_or_none(room_id) if room_id else None


def checkpoint(texts: dict[int, str]) -> None:
    """Save the texts so far of unfinished replies, by message id.

    Sends no event: clients have the text from the deltas.

    A worker does this each second for all its replies, so it is one call to the database driver.
    """
    save_unfinished_texts(texts)
