"""The tools for files: what was sent in the room that a question was asked in, and what is in it."""

from collections.abc import Callable
from typing import Any

from rooms.kernel.notes import note
from rooms.models import Attachment, MessageKind, MessageState
from rooms.models.attachment import KINDS, size_in_words

from ..context import file_texts
from ..context.files import PromptFile, files_of
from ..context.message_queries import PromptMessage, readable_messages
from ..models import Run
from .room_tools import Found
from .tool_arguments import ToolError, get_file, get_optional_text, get_page

MAX_LISTED = 30  # files in a result
MAX_LOOKED_AT = 2000  # of a room, the latest ones
MAX_ALT = 200  # characters


def _list_files(run: Run, arguments: dict) -> Found:
    words, kind = get_optional_text(arguments, "name").casefold().split(), get_optional_text(arguments, "kind")
    if kind and kind not in KINDS:
        raise ToolError(f"kind must be one of: {', '.join(KINDS)}.")
    rows = _sent(run).filter(**{"kind": kind} if kind else {}).order_by("-message_id", "position")
    looked_at = list(rows.values_list("message_id", "key", "name")[:MAX_LOOKED_AT])
    hits = [(id, key) for id, key, name in looked_at if all(word in name.casefold() for word in words)]
    shown = hits[:MAX_LISTED]
    messages = {line.id: line for line in _lines(run, {id for id, _key in shown})}
    files = {file.key: file for line in messages.values() for file in files_of(line)}
    listed = [_about(files[key], messages[id]) for id, key in shown if key in files]
    more = f"{len(hits) - len(shown)} older files are left out; name one more exactly" if len(hits) > len(shown) else ""
    data = {"files": listed, **({"more": more} if more else {})}
    return Found(data, note("listed_files", count=len(listed)), sorted(messages))


def _read_file(run: Run, arguments: dict) -> Found:
    message_id, number = get_file(arguments)
    page = get_page(arguments)
    line = next(iter(_lines(run, {message_id})), None)
    file = next((each for each in files_of(line) if each.number == number), None) if line else None
    blob_id = file_texts.blob_id_of(file) if file else None
    if not line or not file or not blob_id:
        raise ToolError("There is no such file in this room.")
    found = Found(_about(file, line), note("read_file", id=message_id, number=number), [line.id])
    if file.is_picture:
        found.picture = file
        return found
    pages = file_texts.count_pages(blob_id)
    if not pages:
        found.data["text"] = "Nothing of it can be read as text."
        return found
    if page > pages:
        raise ToolError(f"It has {pages} pages.")
    found.data |= {"page": page, "pages": pages, "text": file_texts.get_page(blob_id, page)}
    found.text, found.page = file, page
    return found


def _sent(run: Run):
    """Those of messages that the run may read."""
    return Attachment.objects.filter(
        room=run.reading_room, message_id__lte=run.question_id, message__deleted=False,
        message__kind__in=(MessageKind.HUMAN, MessageKind.BOT),
        message__state__in=(MessageState.COMPLETE, MessageState.STOPPED),
    )  # fmt: skip


def _lines(run: Run, ids: set[int]) -> list[PromptMessage]:
    found = readable_messages(run.reading_room).filter(pk__in=ids, pk__lte=run.question_id)
    return [PromptMessage.from_message(message) for message in found]


def _about(file: PromptFile, line: PromptMessage) -> dict[str, Any]:
    described = file.described
    about = {
        "file": file.mark[1:],
        "name": described["name"],
        "type": described["type"],
        "size": size_in_words(described["size"]),
        "from": line.name,
        "sent": f"{line.created:%Y-%m-%d %H:%M}",
    }
    return about | ({"shows": described["alt"][:MAX_ALT]} if described.get("alt") else {})


HANDLERS: dict[str, Callable[[Run, dict], Found]] = {"list_files": _list_files, "read_file": _read_file}
