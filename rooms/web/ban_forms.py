"""Handles the forms about bans on the page of a room's people."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..kernel.protocol import whole_number
from ..services import bans, membership, moderation, recent_messages

# The values of the field `for`.
DURATIONS = {
    "": (gettext_lazy("until somebody lifts it"), None),
    "1h": (gettext_lazy("for an hour"), timedelta(hours=1)),
    "1d": (gettext_lazy("for a day"), timedelta(days=1)),
    "7d": (gettext_lazy("for a week"), timedelta(days=7)),
    "30d": (gettext_lazy("for 30 days"), timedelta(days=30)),
}


# The values of the field `messages`.
HOURS = {
    "": gettext_lazy("none"),
    "1": gettext_lazy("of the last hour"),
    "6": gettext_lazy("of the last 6 hours"),
    "24": gettext_lazy("of the last 24 hours"),
}


def choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, (label, _length) in DURATIONS.items()]


def terms_of(request) -> bans.Terms:
    """Raises ChatError as `bans.check_terms`."""
    _label, length = DURATIONS.get(request.POST.get("for", ""), DURATIONS[""])
    return bans.check_terms(request.POST.get("reason", ""), timezone.now() + length if length else None)


def get_named(request):
    """The person whom the form names. Raises ChatError: no_such_person."""
    return membership.get_user_by_name(request.POST.get("username", "").strip().lstrip("@＠"), also_gone=True)


def ban(request, name: str) -> str:
    person, terms = get_named(request), terms_of(request)
    moderation.remove(request.user, name, person.id, ban=True, terms=terms)
    said = _("%(name)s is banned from the room.") % {"name": person.username}
    return f"{said} {_delete_messages(request, name, person.id)}".strip()


def remove(request, name: str) -> str:
    person = get_named(request)
    moderation.remove(request.user, name, person.id)
    said = _("%(name)s is no longer in the room.") % {"name": person.username}
    return f"{said} {_delete_messages(request, name, person.id)}".strip()


def hours_of(request) -> int:
    """The hours whose messages are to be deleted; 0: none."""
    return whole_number(request.POST.get("messages")) or 0


def _delete_messages(request, name: str, user_id: int) -> str:
    if not (hours := hours_of(request)):
        return ""
    count = recent_messages.delete_recent(request.user, name, user_id, hours)
    said = ngettext("%(number)s message is being deleted.", "%(number)s messages are being deleted.", count)
    return said % {"number": count} if count else ""


def change_ban(request, name: str) -> str:
    moderation.change_ban(request.user, name, get_named(request).id, terms_of(request))
    return _("Saved.")


def lift_ban(request, name: str) -> str:
    person = get_named(request)
    moderation.lift_ban(request.user, name, person.id)
    return _("%(name)s is no longer banned.") % {"name": person.username}
