"""`GET /api/rooms/<name>/messages/<id>/receipt`: how a reply came about, for everyone who may read it."""

from rooms.api.framework import ApiRequest
from rooms.kernel import notes
from rooms.kernel.errors import ChatError
from rooms.kernel.protocol import timestamp
from rooms.services import bot_replies

from ..models import Run


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
        "read_in": run.question.room.name,  # another room than the reply's for what was told to one person alone
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


def _version(version: dict) -> dict:
    """An earlier answer, with its note in the reader's language."""
    said = notes.load(version.get("note", ""), version.get("note_data"))
    shown = {name: value for name, value in version.items() if name != "note_data"}
    return shown | ({"note": said.sentence()} if "note" in version else {})
