"""What the page about a room says of bots: how much of its share they used today, and what they used lately."""

from typing import Any

from django.template.loader import render_to_string

from rooms.kernel.signals import room_sections_wanted
from rooms.models import Room

from ..queue import policy
from ..usage import budgets, statistics
from ..usage.period import Period
from ..usage.report import tokens_chart


def connect() -> None:
    room_sections_wanted.connect(render_section)


def render_section(sender: Any, room: Room, **_signal: Any) -> str:
    """Nothing where no bot answers."""
    bots = list(policy.available_bots(room).select_related("user").order_by("user__username"))
    if not bots:
        return ""
    days = statistics.tokens_by_day(period := Period.chosen(None), room=room)
    context = {
        "budgets": budgets.of_room(room, bots),
        "chart": tokens_chart(days),
        "total": statistics.total(days),
        "period": period,
    }
    return render_to_string("bot/_room_usage.html", context)
