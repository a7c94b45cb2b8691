"""`GET /api/rooms/<name>/messages/<id>/receipt`: how a reply came about, for everyone who may read it."""

from accounts.models import User
from rooms.api.framework import ApiRequest
from rooms.kernel import notes
from rooms.kernel.errors import ChatError
from rooms.kernel.protocol import timestamp
from rooms.models import Message
from rooms.services import bot_replies
from rooms.services.membership import get_visible_room
from rooms.text.markup import visible_text
from rooms.text.rendering import render

from ..context.citations import linked_ids
from ..models import Run

MAX_SOURCES = 50  # messages that are told of, those that the answer cites first
EXCERPT = 120  # characters of a message


def show_receipt(request: ApiRequest, name: str, message_id: int) -> dict:
    message = bot_replies.get_visible_reply(request.user, name, message_id)
    run = Run.objects.select_related("bot__user", "question").filter(message=message).first()
    if run is None:
        raise ChatError("receipt_unknown")
    said = notes.load(message.note, message.note_data)
    return {
        "message_id": message.id,
        "bot": run.bot.user.username,
        "state": run.state,
        "question": run.question_id,
        "asked_by": run.asker_id,
        "model": run.model,
        "read": run.read,
        "read_in": run.reading_room.name,  # another room than the reply's for what was told to one person alone
        "sources": _sources(run, message, request.user),
        "tools": run.tools,
        "tokens": {"in": run.tokens_in, "out": run.tokens_out},
        "cost": run.cost,
        "first_token_ms": run.first_token_ms,
        "total_ms": run.total_ms,
        "attempts": run.attempts,
        "finished": timestamp(run.finished),
        "error": said.sentence() if run.error == said.text else run.error,
        "without": run.without.split(),
        **({"error_detail": run.error_detail} if request.user.is_staff else {}),
        "versions": [_version(each) for each in run.versions] if not message.deleted else [],
    }


def _sources(run: Run, reply: Message, reader: User) -> list[dict]:
    """The messages that the answer was made from, as far as the reader may read them: those that it cites first."""
    try:
        get_visible_room(reader.id, run.reading_room.name)
    except ChatError:  # an answer that is theirs alone, made from a room that they have left
        return []
    cited = [id for id in linked_ids(reply.text) if id in set(run.read)]
    others = [id for id in reversed(run.read) if id not in set(cited) and id != run.question_id]
    wanted = [*cited, *others][:MAX_SOURCES]
    found = Message.objects.select_related("sender").filter(room=run.reading_room_id, deleted=False).in_bulk(wanted)
    return [_source(found[id], id in cited) for id in wanted if id in found]


def _source(message: Message, cited: bool) -> dict:
    words = " ".join((visible_text(message.html) or message.text).split())
    return {
        "id": message.id,
        "sender": message.sender.username,
        "sender_id": message.sender_id,
        "created": timestamp(message.created),
        "excerpt": words if len(words) <= EXCERPT else words[: EXCERPT - 1].rstrip() + "…",
        "cited": cited,
    }


def _version(version: dict) -> dict:
    """An earlier answer as HTML, with its note in the reader's language."""
    said = notes.load(version.get("note", ""), version.get("note_data"))
    shown = {"html": ""} | {name: value for name, value in version.items() if name != "note_data"}
    shown["html"] = shown["html"] or render(version["text"]).html()  # it was not kept before
    return shown | ({"note": said.sentence()} if "note" in version else {})
