"""What moderators send about bans from the page of a room's people."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..services import bans, membership, moderation

# The values of the field `for`.
DURATIONS = {
    "": (gettext_lazy("until somebody lifts it"), None),
    "1h": (gettext_lazy("for an hour"), timedelta(hours=1)),
    "1d": (gettext_lazy("for a day"), timedelta(days=1)),
    "7d": (gettext_lazy("for a week"), timedelta(days=7)),
    "30d": (gettext_lazy("for 30 days"), timedelta(days=30)),
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
    return _("%(name)s is banned from the room.") % {"name": person.username}


def change_ban(request, name: str) -> str:
    moderation.change_ban(request.user, name, get_named(request).id, terms_of(request))
    return _("Saved.")


def lift_ban(request, name: str) -> str:
    person = get_named(request)
    moderation.lift_ban(request.user, name, person.id)
    return _("%(name)s is no longer banned.") % {"name": person.username}
