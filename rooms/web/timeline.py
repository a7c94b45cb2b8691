"""The messages of a room as they stand on the page: days, groups, the line above what is new."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import groupby

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ..models import MessageKind
from .js_strings import client_texts
from .render_cache import RenderedMessage

# Messages of one author within it stand together; static/js/state/grouping.js has the same.
GROUP_WINDOW = timedelta(minutes=5)
_NO_USERS: frozenset[int] = frozenset()
_PLACEHOLDER = "\0"  # stands in a template's text for what comes there; no text holds it


def render_log(
    messages: list[RenderedMessage], me: int, read_seq: int, blocked: frozenset[int] = _NO_USERS
) -> tuple[SafeString, int | None]:
    """The messages as they stand on the page: days with a heading, groups, a line above what is new for this reader;
    and the id of the message under that line, if there is one. What people in `blocked` say is folded."""
    pieces: list[tuple[int | None, str]] = []  # (the sender, where it is to be folded, html)
    previous: RenderedMessage | None = None
    new_id: int | None = None
    answered = {message.reply_to_id for message in messages}
    for message in messages:
        if message.deleted and message.id not in answered:  # nobody misses it
            classes = _css_classes(message, previous, me, follows=False)
            pieces.append((None, f"{message.html[0]}{classes} gone{message.html[1]}"))
            continue
        folded = message.sender_id in blocked and message.kind != MessageKind.NOTICE
        new_day = previous is None or previous.created.date() != message.created.date()
        if new_day:
            pieces.append((None, _day(message.created.date(), get_language())))
        first_new = new_id is None and message.first_seq > read_seq and message.sender_id != me and not folded
        if first_new:
            new_id = message.id
            pieces.append((None, _new_line(get_language())))
        follows = previous is not None and not new_day and not first_new and continues_group(previous, message)
        before, after = message.html
        html = f"{before}{_css_classes(message, previous, me, follows)}{after}"
        pieces.append((message.sender_id if folded else None, html))
        previous = message
    return mark_safe("".join(_folded(pieces))), new_id  # noqa: S308 - all of it comes from templates


def _folded(pieces: list[tuple[int | None, str]]) -> Iterator[str]:
    """What is to be folded, in runs under one line each; the rest as it is."""
    for is_folded, group in groupby(pieces, key=lambda piece: piece[0] is not None):
        run = list(group)
        html = "".join(piece for _sender, piece in run)
        before, after = (
            _fold(len(run), len({sender for sender, _html in run}) > 1, get_language()) if is_folded else ("", "")
        )
        yield f"{before}{html}{after}"


@lru_cache(400)
def _fold(count: int, several: bool, _language: str | None) -> tuple[str, str]:
    """What stands before and after `count` folded messages; several: of more than one person."""
    texts = client_texts()
    text = texts["foldedSeveral"] if several else texts["folded"][count > 1]
    html = get_template("rooms/_fold.html").render({"text": text.format(count=count), "messages": _PLACEHOLDER})
    before, _, after = html.partition(_PLACEHOLDER)
    return before, after


def continues_group(previous: RenderedMessage, message: RenderedMessage) -> bool:
    """Whether a message stands in the group of the one before it."""
    return (
        previous.sender_id == message.sender_id
        and previous.kind == message.kind != MessageKind.NOTICE
        and not message.reply_to_id
        and message.created - previous.created < GROUP_WINDOW
    )


def _css_classes(message: RenderedMessage, previous: RenderedMessage | None, me: int, follows: bool) -> str:
    is_bot = message.kind == MessageKind.BOT
    flags = {
        "follows": follows,
        "mine": message.sender_id == me,
        "is-bot": is_bot,
        "is-notice": message.kind == MessageKind.NOTICE,
        "for-me": me in message.mentions,
        "deleted": message.deleted,
        # a bot's reply right under its question needs no quote
        "answers": is_bot and previous is not None and previous.id == message.reply_to_id,
    }
    return " ".join(name for name, on in flags.items() if on)


@lru_cache(400)
def _day(day: date, _language: str | None) -> str:
    return get_template("rooms/_day.html").render({"day": day})


@cache
def _new_line(_language: str | None) -> str:
    return get_template("rooms/_new_line.html").render()
