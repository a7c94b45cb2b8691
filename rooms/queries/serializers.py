"""Messages as the wire shows them. The one place where a row becomes a `message` event."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from ..kernel import notes
from ..kernel.protocol import event, person, timestamp
from ..models import Message, Reaction
from ..text.markup import visible_text

EXCERPT = 120  # characters of the message that is replied to


def message_event(message: Message, reactions: Iterable[Reaction] | None = None) -> dict:
    """The whole current state of one message, from a row loaded with `Message.objects.for_wire()`."""
    optional: dict[str, Any] = {}
    if message.note:
        optional["note"] = message.note
        if reasons := notes.load(message.note, message.note_data).reasons:
            optional["notes"] = list(reasons)
    if message.earlier_answers:
        optional["earlier"] = message.earlier_answers
    if message.notice:
        optional["notice"] = message.notice
    if message.pinned and not message.deleted:  # a version of before pins leaves deleted ones pinned
        optional["pinned"] = timestamp(message.pinned)
    if message.files and not message.deleted:  # a version of before files leaves deleted ones theirs
        optional["files"] = [file_fields(each) for each in message.files]
    if message.audience:
        optional["audience"] = message.audience
    return event(
        "message",
        seq=message.seq,
        room=message.room.name,
        id=message.id,
        kind=message.kind,
        sender=person(message.sender),
        message=message.text,
        html=message.html,
        created=timestamp(message.created),
        client_id=str(message.client_id) if message.client_id else None,
        reply_to=_quoted(answered) if message.reply_to_id and (answered := message.reply_to) else None,
        edited=timestamp(message.edited),
        deleted=message.deleted,
        reactions=_reactions(message.reacted if reactions is None else reactions),
        mentions=message.mentions,
        state=message.state,
        **optional,
    )


def file_fields(described: dict[str, Any]) -> dict[str, Any]:
    """A file as the wire has it, from what its message says of it."""
    if described.get("removed"):
        return {**described, "url": ""}
    about = f"/files/{described['id']}"
    fields = {**described, "url": f"{about}/{quote(described['name'], safe='')}"}
    if preview := fields.pop("preview", None):
        small, *larger = preview["sides"]
        fields |= {"thumb": f"{about}/previews/{small}.webp", "blur": preview["blur"]}
        fields |= {"preview": f"{about}/previews/{larger[0]}.webp"} if larger else {}
        fields |= {"animated": True} if preview["animated"] else {}
    return fields


def _quoted(message: Message) -> dict:
    sender = message.sender
    quoted = {"id": message.id, "sender": sender.username, "sender_id": sender.id, "excerpt": excerpt_of(message)}
    return quoted | {"sender_display_name": sender.display_name} if sender.display_name else quoted


def excerpt_of(message: Message, longest: int = EXCERPT) -> str:
    """The beginning of a message as it is read, in one line; empty when it is deleted."""
    text = "" if message.deleted else " ".join((visible_text(message.html) or message.text).split())
    if not text and message.files and not message.deleted:
        text = f"📎 {', '.join(each['name'] for each in message.files)}"
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _reactions(reactions: Iterable[Reaction]) -> list[dict]:
    by_emoji: dict[str, list[int]] = {}
    for reaction in reactions:
        by_emoji.setdefault(reaction.emoji, []).append(reaction.user_id)
    return [{"emoji": emoji, "users": users} for emoji, users in by_emoji.items()]
