"""Renders the two pages about a room: its description and settings, and its people."""

from django.http import HttpResponse
from django.shortcuts import render

from site_settings import current

from ..kernel.signals import answers, room_sections_wanted
from ..kernel.slugs import title_to_slug
from ..models import BlockList, Level, Membership, Permitted, Posting, Room
from ..queries.levels import default_level_of, level_of
from ..services import file_retention, invitation_links, lobby, moderation, personal_invitations, slow_mode, timeouts
from ..services.rights import held
from . import ban_forms
from .limit_actions import TIMEOUT_CHOICES
from .responses import get_time_zone
from .writing import duration

PEOPLE_SHOWN = 200


def render_about(request, room: Room, mine: Membership | None) -> HttpResponse:
    """mine: the reader's membership; None: they have not joined. Only moderators see what bots used."""
    context = _rights_context(request, room, mine)
    context |= {
        "postings": Posting.choices,
        "slow_modes": [(seconds, duration(seconds)) for seconds in slow_mode.CHOICES],
        "slow_mode": duration(room.slow_mode),
        "days": current.number("ROOM_DELETION_DAYS"),
        "files_days": file_retention.days_of(room),
        "files_days_choices": file_retention.choices(),
        "permissions": Permitted.choices,
        "blocked": BlockList.objects.filter(room=room).first() if context["may"]["block_words"] else None,
        "people_count": Membership.objects.filter(room=room, banned=False).count(),
        "deletable": room.name != title_to_slug(lobby.TITLE),
        "levels": Level.choices,
        "level": mine and level_of(mine, room, default_level_of(request.user.id)),
        # The use of tokens is shown only to people who can do something about it.
        "sections": answers(room_sections_wanted, Room, room=room, user=request.user)
        if context["may"]["see_usage"]
        else [],
    }
    return render(request, "rooms/about.html", context)


def render_people(request, room: Room, mine: Membership | None, made: str | None = None) -> HttpResponse:
    """made: the address of a link made just now."""
    people = Membership.objects.filter(room=room, banned=False).select_related("user").order_by("joined")
    context = _rights_context(request, room, mine)
    context |= {
        "people": people[:PEOPLE_SHOWN],
        "count": (count := people.count()),
        "shown": PEOPLE_SHOWN if count > PEOPLE_SHOWN else None,  # of more
        "asked": personal_invitations.asked_into(room),
        "links": invitation_links.links_of(request.user, room),
        "bans": moderation.bans_of(request.user, room.name) if context["may"]["ban"] else [],
        "ban_durations": ban_forms.choices(),
        "message_hours": ban_forms.HOURS.items(),
        "made": made,
        **(_timeout_context(request, room) if context["may"]["time_out"] else {}),
    }
    return render(request, "rooms/people.html", context)


def _timeout_context(request, room: Room) -> dict:
    zone = get_time_zone(request)
    return {
        "running": [(each, each.until.astimezone(zone)) for each in timeouts.running_in(room)],
        "timeout_choices": [(seconds, duration(seconds)) for seconds in TIMEOUT_CHOICES],
        "time_out_whom": request.GET.get("whom", ""),
    }


def _rights_context(request, room: Room, mine: Membership | None) -> dict:
    """mine: None for somebody who has not joined."""
    return {
        "room": room,
        "mine": mine,
        "may": held(request.user, room, mine.role if mine else None),
    }
