"""The context of the message field: why the reader cannot write, or example prompts; durations in words."""

from datetime import tzinfo

from django.utils.translation import ngettext

from accounts.models import User
from accounts.time_formats import date_and_time

from ..kernel.errors import ChatError
from ..kernel.protocol import error_fields, moment, whole_number
from ..kernel.reasons import REASONS
from ..kernel.signals import answers, example_prompts_wanted
from ..models import Room
from ..services import post_rights


def writing_context(user: User, room: Room, zone: tzinfo) -> dict:
    """For the templates of a room's page.

    boot: for scripts; `refused` is why this person cannot write there now, as an error of the API; None: they can.
    closed: the same as text; empty when they can write, and during slow mode, for which `waiting` has the text.
    """
    error = post_rights.refusal_of(user, room) if room.pk else None
    waits = error is not None and error.reason == "slow_mode"
    words = sentence(error, zone) if error else ""
    return {
        "boot": {"refused": error_fields(error) if error else None, "slowMode": room.slow_mode},
        "closed": "" if waits else words,
        "waiting": words if waits else "",
    }


def sentence(error: ChatError, zone: tzinfo) -> str:
    """The text of the error, with times in the reader's zone and format."""
    until = moment(error.params.get("until", ""))
    return REASONS[error.reason].text(
        error.params | ({"until": date_and_time(until.astimezone(zone))} if until else {})
    )


def duration(seconds: int) -> str:
    """In its largest whole unit: 30 seconds, 5 minutes, 2 hours, 7 days."""
    if seconds % 60 or not seconds:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    if seconds % 3600:
        return ngettext("%(count)s minute", "%(count)s minutes", seconds // 60) % {"count": seconds // 60}
    if seconds % 86400:
        return ngettext("%(count)s hour", "%(count)s hours", seconds // 3600) % {"count": seconds // 3600}
    return ngettext("%(count)s day", "%(count)s days", seconds // 86400) % {"count": seconds // 86400}


def example_prompts(other) -> list[str]:
    """Examples of first messages to a bot; none in other rooms."""
    if other is None or not other.is_bot:
        return []
    return [text for texts in answers(example_prompts_wanted, User, bot=other) for text in texts]


def chosen_example(request, examples: list[str]) -> str:
    """The example with the number in ?example=, from 1. An address cannot put any other text into the field."""
    number = whole_number(request.GET.get("example")) or 0
    return examples[number - 1] if 0 < number <= len(examples) else ""
