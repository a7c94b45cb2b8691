"""Renders the messages of a room for the page: headings of days, groups, the line above new messages."""

from datetime import date, timedelta
from functools import cache, lru_cache

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ..models import MessageKind
from .folds import Foldable, FoldedLog
from .render_cache import RenderedMessage

# Messages of one author are grouped if each comes within this time; static/js/state/grouping.js has the same.
GROUP_WINDOW = timedelta(minutes=5)
_NO_USERS: frozenset[int] = frozenset()


def render_log(
    messages: list[RenderedMessage], me: int, read_seq: int, blocked: frozenset[int] = _NO_USERS
) -> tuple[SafeString, int | None]:
    """The HTML of the messages: headings of days, groups, a line above the first message that is new for this reader;
    and the id of the message under that line, if there is one. Messages of people in `blocked` are folded."""
    log = FoldedLog()
    previous: RenderedMessage | None = None
    new_id: int | None = None
    answered = {message.reply_to_id for message in messages}
    for message in messages:
        if message.deleted and message.id not in answered:  # no reply to it is shown
            classes = _css_classes(message, previous, me, follows=False)
            log.add_unseen(f"{message.html[0]}{classes} gone{message.html[1]}")
            continue
        is_blocked = message.sender_id in blocked and message.kind != MessageKind.NOTICE
        new_day = previous is None or previous.created.date() != message.created.date()
        if new_day:
            log.add(_day(message.created.date(), get_language()))
        first_new = new_id is None and message.first_seq > read_seq and message.sender_id != me and not is_blocked
        if first_new:
            new_id = message.id
            log.add(_new_line(get_language()))
        follows = previous is not None and not new_day and not first_new and continues_group(previous, message)
        html = f"{message.html[0]}{_css_classes(message, previous, me, follows)}{message.html[1]}"
        if is_blocked or message.notice:
            log.add_foldable(Foldable(message.sender_id, message.created, message.notice), html)
        else:
            log.add(html)
        previous = message
    return log.html(), new_id


def continues_group(previous: RenderedMessage, message: RenderedMessage) -> bool:
    """Whether a message belongs to the group of the message before it."""
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
