"""Renders messages for the page and caches each version, so that most of a page need not be rendered again.

What differs between readers (whose message it is, where a group begins) is not in the rendering but in the CSS classes
around it. A rendering is kept with the version of its message, so none is out of date; and only as long as it is asked
for, so that deleted text does not stay in memory.
"""

import time
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from itertools import islice
from threading import Lock

import orjson
from django.dispatch import receiver
from django.template.loader import get_template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts import time_formats
from accounts.templatetags.people import avatar

from ..kernel import notes, notices
from ..kernel.signals import cache_cleanup_due
from ..models import Message, MessageState
from ..queries import history
from ..queries.serializers import message_event
from .file_cards import blank_cards, cards
from .js_strings import client_texts
from .notice_runs import NoticeOfPerson, notice_of_person

_CLASSES = "\0"  # marks in a rendering where the reader's classes go; no text contains it
MAX_ENTRIES = 4000  # renderings a process, mostly of about 2 KB
MAX_IDLE = 600.0  # seconds after which a rendering that nobody asks for is dropped
MAX_CACHED_LENGTH = 6000  # characters; longer renderings are rare and not cached


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    id: int
    first_seq: int
    sender_id: int
    kind: str
    state: str
    created: datetime
    reply_to_id: int | None
    concerns: frozenset[int]  # ids of other people who appear in it, by a reaction or a quote
    mentions: tuple[int, ...]
    deleted: bool
    has_files: bool
    notice: NoticeOfPerson | None  # None: it cannot be joined with other notices in a row
    html: tuple[str, str]  # safe, from the partial; the reader's classes go in between
    data: orjson.Fragment  # the wire event as JSON, without its html


def render_messages(versions: list[tuple], zone: tzinfo) -> list[RenderedMessage]:
    """Renderings of these versions (from history.versions), in their order."""
    around = (str(zone), get_language(), time_formats.chosen())
    found = {version[0]: _get_cached(version, around) for version in versions}
    missing = [version for version in versions if found[version[0]] is None]
    messages = history.by_id([version[0] for version in missing])
    for version in missing:
        message = messages.get(version[0])
        if not message:
            continue
        rendering = found[version[0]] = _render(message, zone)
        if message.finished and message.seq == version[1]:  # unfinished text changes without a number
            _store(version, around, rendering)
    return [rendering for rendering in found.values() if rendering]


def hide_blocked(messages: list[RenderedMessage], blocked: frozenset[int], zone: tzinfo) -> list[RenderedMessage]:
    """The same for a reader who blocks these people: without quotes of their messages, and without their reactions."""
    concerned = history.by_id([rendering.id for rendering in messages if rendering.concerns & blocked])
    return [
        _render(concerned[rendering.id], zone, blocked) if rendering.id in concerned else rendering
        for rendering in messages
    ]


def client_templates() -> SafeString:
    """The page's <template>s for the browser to fill, among them the rendering of no message. The same for everyone."""
    return _templates(get_language())


@cache
def _templates(_language: str | None) -> SafeString:
    # The type stubs say str.
    return get_template("rooms/_templates.html").render({"texts": client_texts(), "file_cards": blank_cards()})  # type: ignore[return-value]


def _render(message: Message, zone: tzinfo, blocked: frozenset[int] = frozenset()) -> RenderedMessage:
    wire = message_event(message)
    notice = notices.sentence(message.notice)
    shown = _without_blocked(wire, blocked) | {
        "classes": _CLASSES,
        "clock": time_formats.clock_time(message.created.astimezone(zone)),
        "avatar": avatar(message.sender),
        "message": notice or message.text,
        "plain": bool(notice) or not message.html,
        "files": cards(wire.get("files", ())),
        "note": notes.load(message.note, message.note_data).sentence(),
        "status": _status_text(message),
    }
    if message.edited and not message.deleted:
        shown["edited_mark"] = mark = _edited_mark(message.edited.astimezone(zone))
        shown["html"] = _after_last_word(message.html, mark)
    before, _, after = (
        get_template("rooms/_message.html").render({"m": shown, "texts": client_texts()}).partition(_CLASSES)
    )
    data = orjson.dumps({name: value for name, value in wire.items() if name != "html"})
    return RenderedMessage(
        id=message.id,
        first_seq=message.first_seq,
        sender_id=message.sender_id,
        kind=message.kind,
        state=message.state,
        created=timezone.localtime(message.created, zone),
        reply_to_id=message.reply_to_id,
        concerns=_other_user_ids(wire),
        mentions=tuple(message.mentions),
        deleted=message.deleted,
        has_files="files" in wire,
        notice=notice_of_person(message),
        html=(before, after),
        data=orjson.Fragment(data),
    )


def _edited_mark(edited: datetime) -> SafeString:
    when = f"{date_format(edited, 'DATE_FORMAT')}, {time_formats.clock_time(edited)}"
    # The type stubs say str.
    return get_template("rooms/_edited.html").render({"edited": when, "texts": client_texts()})  # type: ignore[return-value]


def _after_last_word(html: str, mark: str) -> str:
    """Put the mark into the last paragraph, or after safe HTML that ends otherwise; message_view.js does the same."""
    end = "</p>\n"
    return f"{html.removesuffix(end)}{mark}{end}" if html.endswith(end) else html + mark


def _other_user_ids(wire: dict) -> frozenset[int]:
    quoted = [wire["reply_to"]["sender_id"]] if wire["reply_to"] else []
    return frozenset(quoted).union(*(reaction["users"] for reaction in wire["reactions"]))


def _without_blocked(wire: dict, blocked: frozenset[int]) -> dict:
    """A `message` event for a reader who blocks these people."""
    if not blocked:
        return wire
    users = [(each["emoji"], [id for id in each["users"] if id not in blocked]) for each in wire["reactions"]]
    quote = wire["reply_to"]
    if quote and quote["sender_id"] in blocked:
        quote = quote | {"excerpt": client_texts()["foldedQuote"]}
    return wire | {"reply_to": quote, "reactions": [{"emoji": emoji, "users": ids} for emoji, ids in users if ids]}


def _status_text(message: Message) -> str:
    texts = client_texts()
    if message.deleted:
        return texts["deleted"]
    if message.state == MessageState.COMPLETE or message.note:
        return ""
    return texts.get(_STATUS_TEXTS.get(message.state, ""), "")


_STATUS_TEXTS: dict[str, str] = {
    MessageState.QUEUED: "thinking",
    MessageState.STOPPED: "stopped",
    MessageState.FAILED: "noReply",
}


@dataclass(slots=True)
class _CacheEntry:
    version: tuple
    message: RenderedMessage
    used_at: float  # time.monotonic()


_cache: dict[tuple, _CacheEntry] = {}  # by message id, and the reader's time zone, language and time format
_lock = Lock()


def drop_unused(now: float | None = None) -> None:
    """Drop renderings that nobody has asked for lately: they may show messages deleted since. now: for tests."""
    before = (time.monotonic() if now is None else now) - MAX_IDLE
    with _lock:
        for key in [key for key, kept in _cache.items() if kept.used_at < before]:
            del _cache[key]


@receiver(cache_cleanup_due)
def _drop_unused(**_signal) -> None:
    drop_unused()


def _get_cached(version: tuple, around: tuple) -> RenderedMessage | None:
    kept = _cache.get((version[0], around))
    if kept is None or kept.version != version:
        return None
    kept.used_at = time.monotonic()
    return kept.message


def _store(version: tuple, around: tuple, rendering: RenderedMessage) -> None:
    """Replaces the rendering of an earlier version."""
    with _lock:
        kept = _cache.pop((version[0], around), None)
        if len(rendering.html[1]) <= MAX_CACHED_LENGTH:
            _cache[version[0], around] = _CacheEntry(version, rendering, time.monotonic())
        if kept is None and len(_cache) > MAX_ENTRIES:
            for oldest in list(islice(_cache, MAX_ENTRIES // 8)):
                del _cache[oldest]
