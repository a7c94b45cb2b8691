"""The page about a person or bot, and the card at every name, which shows a part of it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.profiles import time_zone_of
from accounts.statuses import Availability
from presence import sync_client

from ..kernel.errors import ChatError
from ..kernel.signals import answers, example_prompts_wanted, profile_sections_wanted, profile_summary_wanted
from ..models import Block, Room, RoomKind
from ..services import contact_permissions
from ..services.membership import get_user_by_name
from .absent import render_no_person
from .contact_forms import handle_contact_form
from .sidebar import SidebarEntry, get_entries

MAX_COMMON = 5  # rooms that are named on a card


@dataclass(frozen=True, slots=True)
class Presence:
    """state: here, away or gone; seen: when they were last online."""

    state: str
    seen: datetime | None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def about_person(request, username: str):
    """A person's profile, with a form to block or unblock them. ?card=1: only the card."""
    try:
        other = get_user_by_name(username, also_gone=True)
    except ChatError as error:
        return render_no_person(request, username, error)
    if request.method == "POST":
        handle_contact_form(request, other.username)
        return redirect("about_person", username=other.username)
    if other.username != username and "card" not in request.GET:
        return redirect("about_person", username=other.username)
    if "card" in request.GET:
        return render(request, "rooms/_person_card.html", _profile(request.user, other))
    context = _profile(request.user, other)
    if other.is_bot:
        context["sections"] = answers(profile_sections_wanted, User, bot=other, user=request.user)
    return render(request, "rooms/person.html", context)


def _profile(user: User, other: User) -> dict:
    """What `user` may see of `other`."""
    common = list(Room.objects.of(user.id).filter(pk__in=Room.objects.of(other.id)).exclude(kind=RoomKind.DIRECT)
                  .order_by("-active")[: MAX_COMMON + 1])  # fmt: skip
    shows_time = contact_permissions.settings_of(other.id).show_local_time and bool(other.time_zone)
    context = {
        "other": other,
        "blocked": other.id in Block.objects.ids(user.id),
        "presence": _presence(user, other),
        "local_time": timezone.now().astimezone(time_zone_of(other)) if shows_time else None,
        "common": _entries(common[:MAX_COMMON], user) if other != user else [],
        "has_more_in_common": len(common) > MAX_COMMON,
    }
    if other.is_bot:
        summaries = answers(profile_summary_wanted, User, bot=other)
        examples = [text for texts in answers(example_prompts_wanted, User, bot=other) for text in texts]
        context |= {"examples": examples, "summary": next(filter(None, summaries), {})}
    return context


def _entries(rooms: list[Room], user: User) -> list[SidebarEntry]:
    entries = get_entries(rooms, user)
    return [entries[room.id] for room in rooms]


def _presence(user: User, other: User) -> Presence | None:
    """None when `user` may not know it, or it is unknown."""
    if other.is_bot or not contact_permissions.who_shows_presence(user.id, {other.id}):
        return None
    found = (sync_client.get_status([other.id]) or {}).get(other.id)
    if found is None:
        return None
    said = other.current_status
    away = found.away or bool(said and said.availability == Availability.AWAY)
    seen = datetime.fromtimestamp(found.seen, UTC) if found.seen else None
    return Presence(("away" if away else "here") if found.here else "gone", seen)
