"""What somebody missed, by rules alone: how much, from whom, what is for them, what is open, what people liked."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rooms.models import Message, MessageKind, Room

from .message_queries import missed_messages

EXCERPT_LENGTH = 160  # characters of each message
MAX_LATEST = 8
MAX_PER_SECTION = 5  # messages under a heading
MAX_PEOPLE = 10  # names in the first line


def short(room: Room, user, before: int) -> str:
    """How much, and the latest of it."""
    new = missed_messages(room, user, before)
    latest = list(new.order_by("-id")[:MAX_LATEST])[::-1]
    if not latest:
        return _("You have missed nothing here.")
    total = new.count()
    tail = _("The latest:") if total > len(latest) else _("They are:")
    return f"{_summary(new, total)} {tail}\n\n" + _list_items(latest)


def full(room: Room, user, before: int) -> str:
    """The same by person, then what matters most."""
    new = missed_messages(room, user, before)
    total = new.count()
    if not total:
        return _("You have missed nothing in {room}.").format(room=_escape_markdown(room.title))
    parts = [f"**{_escape_markdown(room.title)}**: {_summary(new, total)}", _by_person(new)]
    for title, messages in (
        (
            _("For you:"),
            [m for m in new.exclude(mentions=[]).order_by("-id")[:200] if user.id in m.mentions][:MAX_PER_SECTION],
        ),
        (_("Unanswered questions:"), _open_questions(new)),
        (_("Most liked:"), _most_liked(new)),
        (_("The latest:"), list(new.order_by("-id")[:MAX_PER_SECTION])[::-1]),
    ):
        if messages:
            parts.append(f"{title}\n\n{_list_items(messages)}")
    return "\n\n".join(parts)


def list_item(message: Message) -> str:
    """A message as an item of a list, with a citation that becomes a link."""
    text = " ".join(message.text.split())
    text = text if len(text) <= EXCERPT_LENGTH else text[: EXCERPT_LENGTH - 1].rstrip() + "…"
    return f"- **{_escape_markdown(message.sender.username)}**: {_escape_markdown(text)} [#{message.id}]"


def _list_items(messages: list[Message]) -> str:
    return "\n".join(list_item(message) for message in messages)


def _summary(new, total: int) -> str:
    people = new.order_by().values("sender").distinct().count()
    said = ngettext("{count} message", "{count} messages", total).format(count=f"{total:,}")
    by = ngettext("{count} person", "{count} people", people).format(count=f"{people:,}")
    return _("{messages} by {people} since you were last here.").format(messages=said, people=by)


def _by_person(new) -> str:
    rows = new.order_by().values_list("sender__username").annotate(n=Count("pk")).order_by("-n", "sender__username")
    return ", ".join(f"{_escape_markdown(name)} {number}" for name, number in rows[:MAX_PEOPLE])


def _open_questions(new) -> list[Message]:
    """Asked by people, and nobody replied to them."""
    with_sign = Q(text__contains="?") | Q(text__contains="？") | Q(text__contains="؟")
    asked = new.filter(with_sign, kind=MessageKind.HUMAN, replies__isnull=True).order_by("-id")[:100]
    return [message for message in asked if message.text.rstrip().endswith(("?", "？", "؟"))][:MAX_PER_SECTION]


def _most_liked(new) -> list[Message]:
    return list(new.annotate(liked=Count("reactions")).filter(liked__gt=0).order_by("-liked", "-id")[:MAX_PER_SECTION])


def _escape_markdown(text: str) -> str:
    """Somebody's words, not their Markdown, and without addressing anybody."""
    for sign in "\\`*_{}[]<>#|~@$":
        text = text.replace(sign, "\\" + sign)
    return text
