"""Messages as the page shows them, drawn once a version: most of a page is what was drawn before.

What differs between readers (whose message it is, where a group begins) is not in the picture but in the classes
around it. A picture is kept with the version of what it shows, so nothing is ever out of date; and only as long as it
is asked for, so that what somebody has deleted does not stay in memory.
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
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ..kernel import notices
from ..kernel.signals import cache_cleanup_due
from ..models import Message, MessageState
from ..queries import history
from ..queries.serializers import message_event
from ..templatetags.people import hue, initials
from .js_strings import client_texts

_CLASSES = "\0"  # stands in a picture where the reader's classes go; no text holds it
KEPT = 4000  # pictures a process, mostly of about 2 KB
UNUSED = 600.0  # seconds after which a picture that nobody asks for is dropped
LARGEST = 6000  # characters; longer ones are rare, and drawn anew


@dataclass(frozen=True, slots=True)
class Drawn:
    id: int
    first_seq: int
    sender_id: int
    kind: str
    state: str
    created: datetime
    reply_to_id: int | None
    concerns: frozenset[int]  # ids of others who are seen in it: who reacted, who is quoted
    mentions: tuple[int, ...]
    deleted: bool
    html: tuple[str, str]  # safe, from the partial; the reader's classes go in between
    data: orjson.Fragment  # the wire event as JSON, without its html


def draw(versions: list[tuple], zone: tzinfo) -> list[Drawn]:
    """Pictures of these versions (from history.versions), in their order."""
    around = (str(zone), get_language())
    found = {version[0]: _kept_of(version, around) for version in versions}
    missing = [version for version in versions if found[version[0]] is None]
    messages = history.by_id([version[0] for version in missing])
    for version in missing:
        message = messages.get(version[0])
        if not message:
            continue
        picture = found[version[0]] = _draw(message, zone)
        if message.finished and message.seq == version[1]:  # unfinished text changes without a number
            _keep(version, around, picture)
    return [picture for picture in found.values() if picture]


def without(pictures: list[Drawn], blocked: frozenset[int], zone: tzinfo) -> list[Drawn]:
    """The same pictures for a reader who blocks these people: without what they said in quotes, and their reactions."""
    concerned = history.by_id([picture.id for picture in pictures if picture.concerns & blocked])
    return [_draw(concerned[picture.id], zone, blocked) if picture.id in concerned else picture for picture in pictures]


def client_templates() -> SafeString:
    """The page's <template>s for the browser to fill, among them the picture of no message. The same for everyone."""
    return _templates(get_language())


@cache
def _templates(_language: str | None) -> SafeString:
    # The stubs call it a str.
    return get_template("rooms/_templates.html").render({"texts": client_texts()})  # type: ignore[return-value]


def _draw(message: Message, zone: tzinfo, blocked: frozenset[int] = frozenset()) -> Drawn:
    wire = message_event(message)
    notice = notices.sentence(message.notice)
    shown = _shown_to(wire, blocked) | {
        "classes": _CLASSES,
        "clock": f"{message.created.astimezone(zone):%H:%M}",
        "initials": initials(message.sender.username),
        "hue": hue(message.sender_id),
        "message": notice or message.text,
        "plain": bool(notice) or not message.html,
        "status": _status(message),
    }
    before, _, after = (
        get_template("rooms/_message.html").render({"m": shown, "texts": client_texts()}).partition(_CLASSES)
    )
    data = orjson.dumps({name: value for name, value in wire.items() if name != "html"})
    return Drawn(
        id=message.id,
        first_seq=message.first_seq,
        sender_id=message.sender_id,
        kind=message.kind,
        state=message.state,
        created=timezone.localtime(message.created, zone),
        reply_to_id=message.reply_to_id,
        concerns=_others_in(wire),
        mentions=tuple(message.mentions),
        deleted=message.deleted,
        html=(before, after),
        data=orjson.Fragment(data),
    )


def _others_in(wire: dict) -> frozenset[int]:
    quoted = [wire["reply_to"]["sender_id"]] if wire["reply_to"] else []
    return frozenset(quoted).union(*(reaction["users"] for reaction in wire["reactions"]))


def _shown_to(wire: dict, blocked: frozenset[int]) -> dict:
    """A `message` event as a reader sees it who blocks these people."""
    if not blocked:
        return wire
    users = [(each["emoji"], [id for id in each["users"] if id not in blocked]) for each in wire["reactions"]]
    quote = wire["reply_to"]
    if quote and quote["sender_id"] in blocked:
        quote = quote | {"excerpt": client_texts()["foldedQuote"]}
    return wire | {"reply_to": quote, "reactions": [{"emoji": emoji, "users": ids} for emoji, ids in users if ids]}


def _status(message: Message) -> str:
    texts = client_texts()
    if message.deleted:
        return texts["deleted"]
    if message.state == MessageState.COMPLETE or message.note:
        return ""
    return texts.get(_STATUS.get(message.state, ""), "")


_STATUS: dict[str, str] = {
    MessageState.QUEUED: "thinking",
    MessageState.STOPPED: "stopped",
    MessageState.FAILED: "noReply",
}


@dataclass(slots=True)
class _Kept:
    version: tuple
    picture: Drawn
    used: float  # time.monotonic()


_kept: dict[tuple, _Kept] = {}  # by message id, and the time zone and language of the reader
_lock = Lock()


def drop_unused(now: float | None = None) -> None:
    """Drop pictures that nobody has asked for lately: they may show what has been deleted since. now: for tests."""
    before = (time.monotonic() if now is None else now) - UNUSED
    with _lock:
        for key in [key for key, kept in _kept.items() if kept.used < before]:
            del _kept[key]


@receiver(cache_cleanup_due)
def _drop_unused(**_signal) -> None:
    drop_unused()


def _kept_of(version: tuple, around: tuple) -> Drawn | None:
    kept = _kept.get((version[0], around))
    if kept is None or kept.version != version:
        return None
    kept.used = time.monotonic()
    return kept.picture


def _keep(version: tuple, around: tuple, picture: Drawn) -> None:
    """In place of the picture of an earlier version."""
    with _lock:
        kept = _kept.pop((version[0], around), None)
        if len(picture.html[1]) <= LARGEST:
            _kept[version[0], around] = _Kept(version, picture, time.monotonic())
        if kept is None and len(_kept) > KEPT:
            for oldest in list(islice(_kept, KEPT // 8)):
                del _kept[oldest]
