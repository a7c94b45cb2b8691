"""`GET /api/rooms/<name>/messages/<id>/receipt`: how a reply came about, for everyone who may read it."""

from accounts.rights import ServerAction, may_on_server
from rooms.api.framework import ApiRequest
from rooms.kernel import notes
from rooms.kernel.protocol import timestamp
from rooms.text.rendering import render

from ..context.receipt import SeenFile, Source, get_visible_files, get_visible_run, get_visible_sources


def show_receipt(request: ApiRequest, name: str, message_id: int) -> dict:
    """As docs/protocol.md has it. Times in ms, cost in the currency of the bot's prices, or null without any.

    Raises ChatError: no_such_reply, no_such_room, receipt_unknown.
    """
    message, run = get_visible_run(request.user, name, message_id)
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
        "sources": [_source(source) for source in get_visible_sources(run, message, request.user)],
        "files": [_file(seen) for seen in get_visible_files(run, request.user)],
        "tools": run.tools,
        "tokens": {"in": run.tokens_in, "out": run.tokens_out},
        "cost": run.cost,
        "first_token_ms": run.first_token_ms,
        "total_ms": run.total_ms,
        "attempts": run.attempts,
        "finished": timestamp(run.finished),
        "error": said.sentence() if run.error == said.text else run.error,
        "without": run.without.split(),
        **({"error_detail": run.error_detail} if may_on_server(request.user, ServerAction.MANAGE_BOTS) else {}),
        "versions": [_version(each) for each in run.versions] if not message.deleted else [],
    }


def _source(source: Source) -> dict:
    message = source.message
    return {
        "id": message.id,
        "sender": message.sender.username,
        "sender_id": message.sender_id,
        "created": timestamp(message.created),
        "excerpt": source.excerpt,
        "cited": source.is_cited,
    }


def _file(seen: SeenFile) -> dict:
    attachment = seen.attachment
    about = {"id": attachment.key, "message": attachment.message_id, "number": seen.number, "name": attachment.name}
    return {**about, "as": "picture" if seen.as_picture else "text", **({"pages": seen.pages} if seen.pages else {})}


def _version(version: dict) -> dict:
    """An earlier answer as HTML, with its note in the reader's language."""
    said = notes.load(version.get("note", ""), version.get("note_data"))
    shown = {"html": ""} | {name: value for name, value in version.items() if name != "note_data"}
    shown["html"] = shown["html"] or render(version["text"]).html()  # it was not kept before
    return shown | ({"note": said.sentence()} if "note" in version else {})
