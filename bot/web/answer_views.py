"""The page about one answer of a bot: what it was made from, how, and what it said before."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rooms.kernel import notes
from rooms.kernel.errors import ChatError
from rooms.models import Block
from rooms.text.rendering import render as render_text

from ..context.receipt import get_visible_files, get_visible_run, get_visible_sources

SHOWN_SOURCES = 12  # of an answer that cites none


@login_required
@never_cache
@require_safe
def answer_page(request, name: str, message_id: int):
    """For everyone who may read the answer."""
    try:
        message, run = get_visible_run(request.user, name, message_id)
    except ChatError as error:
        return render(request, "404.html", {"sentence": error.message}, status=404)
    sources = get_visible_sources(run, message, request.user)
    shown = [source for source in sources if source.is_cited] or sources[:SHOWN_SOURCES]
    context = {
        "message": message,
        "run": run,
        "sources": shown,
        "files": get_visible_files(run, request.user),
        "others": len(run.read) - len(shown) if sources else 0,
        "blocked": Block.objects.ids(request.user.id),
        "lookups": [_lookup(tool) for tool in run.tools],
        "versions": [] if message.deleted else [_version(version) for version in reversed(run.versions)],
        "error": _error(run, notes.load(message.note, message.note_data)),
        "seconds": run.total_ms and run.total_ms / 1000,
        "first_seconds": run.first_token_ms and run.first_token_ms / 1000,
    }
    return render(request, "bot/answer.html", context)


def _lookup(tool: dict) -> dict:
    found = tool.get("found")
    return {
        "name": tool["name"],
        "words": ", ".join(str(value) for value in tool.get("arguments", {}).values()),
        "found": len(found) if isinstance(found, list) else found,
        "error": tool.get("error", ""),
    }


def _version(version: dict) -> dict:
    """An earlier answer as HTML, with its note in the reader's language."""
    said = notes.load(version.get("note", ""), version.get("note_data"))
    return {"html": version.get("html") or render_text(version["text"]).html(), "note": said.sentence()}


def _error(run, said) -> str:
    return said.sentence() if run.error == said.text else run.error
