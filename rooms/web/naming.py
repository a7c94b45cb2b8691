"""Several names in a sentence, written as browsers write lists."""

from django.utils.translation import gettext as _

from ..models import Room
from ..services import personal_invitations
from .js_strings import client_texts

MAX_NAMED = 2  # names in a list of more than MAX_NAMED + 1


def list_names(names: list[str]) -> str:
    """“bob and carol”; for many names, the first two and the number of others."""
    names = list(dict.fromkeys(names))
    if len(names) > MAX_NAMED + 1:
        others = client_texts()["othersMore"][1].format(count=len(names) - MAX_NAMED)
        names = [*names[:MAX_NAMED], others]
    *before, last = names
    if not before:
        return last
    pattern = _("{first} and {last}") if len(before) == 1 else _("{first}, and {last}")
    return pattern.format(first=", ".join(before), last=last)


def names_of_asked(room: Room) -> str:
    """The people invited to the room who are not in it: for the beginning of its page. Empty: none."""
    names = [each.user.shown_name for each in personal_invitations.asked_into(room)]
    return list_names(names) if names else ""
