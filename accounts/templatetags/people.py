"""How people look on pages: initials on a hue made from their id. static/js/lib/avatars.js does the same."""

import re
from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import time_formats
from accounts.models import User

register = template.Library()


@register.simple_tag
def avatar(person: User, size: str = "", **attributes: str) -> SafeString:
    """A person's initials, covered by their picture if they have one. size: small or large."""
    address = person.avatar.replace(".webp", "-large.webp") if size == "large" else person.avatar
    classes = ["avatar", size, hue(person.pk), "bot" if person.is_bot else ""]
    return format_html(
        '<span class="{}"{} aria-hidden="true">{}{}</span>',
        " ".join(filter(None, classes)),
        format_html(' id="{}"', attributes["id"]) if "id" in attributes else "",
        initials(person.shown_name),
        format_html('<img src="{}" alt="" loading="lazy" decoding="async">', address) if address else "",
    )


def initials(name: str) -> str:
    """One or two letters: "anna.lee" → "al", "bob" → "bo"."""
    words = [word for word in re.split(r"[\s._-]+", name) if word]
    return "".join(word[0] for word in words[:2]) if len(words) > 1 else name[:2]


@register.filter
def status_line(user: User) -> str:
    """A person's current status as one line, like static/js/lib/status_line.js. Empty when there is none."""
    said = user.current_status
    return " ".join(filter(None, (said.emoji, said.words))) if said else ""


@register.filter
def clock(moment: datetime) -> str:
    """The time of day in the reader's format."""
    return time_formats.clock_time(moment)


@register.filter
def date_and_time(moment: datetime) -> str:
    """The date and the time of day in the reader's format."""
    return time_formats.date_and_time(moment)


def hue(user_id: int) -> str:
    """The class of a person's colour. Neighbouring ids get colours far apart."""
    return f"hue-{user_id * 5 % 12}"
