"""What this app adds to the notification settings: the person's devices, and their quiet hours."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.models import User
from accounts.security.authentication import session_digest
from rooms.models import Membership, RoomKind
from site_settings import current

from ..models import DeliverySettings, delivery_settings_of
from ..push import devices

MOST_PEOPLE = 30  # offered as exceptions: those with whom the person has talked lately


def render(sender: Any, request: HttpRequest, **_signal: Any) -> dict[str, str]:
    """{where on the page: HTML}."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    here, chosen = session_digest(request.session.session_key or ""), delivery_settings_of(user.pk)
    context = {
        "devices": [(each, each.session == here) for each in devices.devices_of(user.pk)],
        "chosen": chosen,
        "people": people_to_except(user, chosen),
        "server_shows_content": current.flag("PUSH_CONTENT"),
    }
    names = ("quiet", "devices")
    return {name: render_to_string(f"notifications/_{name}.html", context, request) for name in names}


def people_to_except(user: User, chosen: DeliverySettings) -> list[tuple[User, bool]]:
    """People, each with whether they are an exception: first those who are, then those talked with lately."""
    excepted = [] if chosen._state.adding else list(chosen.exceptions.filter(is_active=True).order_by("username"))
    direct = Membership.objects.filter(user=user, room__kind=RoomKind.DIRECT, room__deleted=None).values("room")
    others = Membership.objects.filter(room__in=direct, user__is_bot=False, user__is_active=True).exclude(user=user)
    latest = others.select_related("user").order_by("-room__active")[:MOST_PEOPLE]
    return [(each, True) for each in excepted] + [(each.user, False) for each in latest if each.user not in excepted]
