"""Handles the forms with which moderators decide who may write in a room, and how often."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ..kernel.protocol import whole_number
from ..models import Role
from ..services import block_list_changes, membership, moderation, posting_limits, timeouts

TIMEOUT_CHOICES = (600, 3600, 86400, 604800)  # seconds


def _set_posting(request, name: str) -> str:
    posting_limits.set_posting(request.user, name, request.POST.get("posting", ""))
    return _("Saved.")


def _set_slow_mode(request, name: str) -> str:
    posting_limits.set_slow_mode(request.user, name, whole_number(request.POST.get("seconds")) or 0)
    return _("Saved.")


def get_member(request):
    """The person whom a form names."""
    return membership.get_user_by_name(request.POST.get("username", "").strip().lstrip("@＠"), also_gone=True)


def _appoint(request, name: str, role: str) -> str:
    member = get_member(request)
    moderation.appoint(request.user, name, member.id, role)
    if role == Role.READER:
        return _("%(name)s can only read now.") % {"name": member.username}
    return _("%(name)s is now a %(role)s.") % {"name": member.username, "role": Role(role).label}


def chosen_end(request) -> datetime:
    """The end of a timeout that begins now and lasts the seconds that the form chose; now if they are not a choice."""
    seconds = whole_number(request.POST.get("for")) or 0
    return timezone.now() + timedelta(seconds=seconds if seconds in TIMEOUT_CHOICES else 0)


def _time_out(request, name: str) -> str:
    membership.get_visible_room(request.user.id, name)  # check access before people
    member = get_member(request)
    timeouts.time_out(request.user, name, member.id, chosen_end(request), request.POST.get("reason", ""))
    return _("%(name)s cannot write for now.") % {"name": member.username}


def _lift_timeout(request, name: str) -> str:
    membership.get_visible_room(request.user.id, name)  # check access before people
    member = get_member(request)
    timeouts.lift(request.user, name, member.id)
    return _("%(name)s can write again.") % {"name": member.username}


def entered(request) -> tuple[list[str], list[str]]:
    """Words and links, each from its own line."""
    return request.POST.get("words", "").splitlines(), request.POST.get("links", "").splitlines()


def _block_words(request, name: str) -> str:
    block_list_changes.set_list(request.user, name, *entered(request))
    return _("Saved.")


# By the value of the button `do`. Each returns the text to show.
LIMIT_ACTIONS: dict[str | None, Callable[..., Any]] = {
    "posting": _set_posting,
    "slow_mode": _set_slow_mode,
    "block_words": _block_words,
    "time_out": _time_out,
    "lift_timeout": _lift_timeout,
    "make_reader": partial(_appoint, role=Role.READER),
    "make_moderator": partial(_appoint, role=Role.MODERATOR),
    "make_member": partial(_appoint, role=Role.MEMBER),
}
