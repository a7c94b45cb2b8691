"""What people are told of a bot: what it can do and read, which model it asks, and what they could ask it."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import User
from rooms.kernel.signals import example_prompts_wanted, profile_sections_wanted, profile_summary_wanted
from rooms.models import Room

from ..endpoint_traits import with_traits
from ..models import Bot
from ..queue import policy
from ..usage import budgets

MAX_EXAMPLES = 4


def connect() -> None:
    profile_sections_wanted.connect(render_profile)
    example_prompts_wanted.connect(example_prompts)
    profile_summary_wanted.connect(summary)


def render_profile(sender: Any, bot: User, user: User, **_signal: Any) -> str:
    """For the page about a bot. bot: its user; user: who reads. Rooms that they may not enter are not named."""
    found = Bot.objects.select_related("user").filter(user=bot).first()
    if found is None:
        return ""
    endpoint = with_traits(found.endpoint)
    answers_reader = policy.bots_for(user).filter(pk=found.pk).exists()
    context = {
        "bot": found,
        "model": endpoint.model if endpoint.configured else "",
        "context_tokens": endpoint.context_tokens,
        "has_tools": found.tools and "tools" not in endpoint.refused,
        "is_restricted": found.rooms.exists(),
        "rooms": found.rooms.filter(pk__in=Room.objects.visible_to(user.id)).order_by("title"),
        "answers_reader": answers_reader,
        "budgets": budgets.of_person(user, [found]) if answers_reader else [],
        "examples": get_examples(found) if answers_reader else [],
    }
    return render_to_string("bot/_profile.html", context)


def example_prompts(sender: Any, bot: User, **_signal: Any) -> list[str]:
    found = Bot.objects.filter(user=bot, enabled=True).first()
    return get_examples(found) if found else []


def summary(sender: Any, bot: User, **_signal: Any) -> dict[str, str] | None:
    """For the API: what the bot is for, and the model's name, which is empty when it answers by rules. None: no bot."""
    found = Bot.objects.filter(user=bot).first()
    if found is None:
        return None
    endpoint = with_traits(found.endpoint)
    return {"description": found.description, "model": endpoint.model if endpoint.configured else ""}


def get_examples(bot: Bot) -> list[str]:
    """At most MAX_EXAMPLES: its own, or those that suit it, in the active language."""
    own = [line.strip() for line in bot.examples.splitlines() if line.strip()]
    if own:
        return own[:MAX_EXAMPLES]
    if not bot.endpoint.configured:  # what answering/builtin.py knows
        return [_("help"), _("Who is here?"), _("find hello"), _("What did I miss?")]
    return [
        _("What can you do here, and what can you not?"),
        _("Explain this to me in simple words: "),
        _("Write a short, friendly message to my team about this: "),
        _("Make a checklist out of this: "),
    ]
