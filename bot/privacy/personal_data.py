"""What bots keep of a person: which questions they asked when, what they think of the answers, how many tokens these
took."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from rooms.privacy.batches import with_titles
from rooms.privacy.personal_data import Section

from ..models import Feedback, Run, Usage


def collect_personal_data(sender, user: User, **_signal) -> list[Section]:
    return [
        Section("bot_questions", _("Questions to bots"), _questions(user)),
        Section("bot_feedback", _("What you think of answers"), _feedback(user)),
        Section("bot_usage", _("Tokens that bots used for you"), _usage(user)),
    ]


def _questions(user: User) -> Iterator[dict]:
    asked = Run.objects.filter(asker=user).select_related("bot__user", "question")
    for run, title in with_titles(user, asked, room="reading_room_id"):
        yield {
            "bot": run.bot.user.username,
            "room": title,
            "question": run.question_id,
            "asked": run.queued,
            "state": run.state,
            "tokens_read": run.tokens_in,
            "tokens_written": run.tokens_out,
            "first_word_after_ms": run.wait_ms,
        }


def _feedback(user: User) -> Iterator[dict]:
    given = Feedback.objects.filter(user=user).select_related("run__bot__user")
    for each, title in with_titles(user, given, room="run.room_id"):
        yield {
            "bot": each.run.bot.user.username,
            "room": title,
            "answer": each.run.message_id,
            "is_good": each.is_good,
            "reason": each.reason,
            "given": each.given,
        }


def _usage(user: User) -> Iterator[dict]:
    for used, title in with_titles(user, Usage.objects.filter(asker=user).select_related("bot__user")):
        yield {
            "day": used.day.isoformat(),
            "bot": used.bot.user.username,
            "room": title,
            "tokens": used.tokens,
            "tokens_read": used.tokens_in,
            "tokens_read_from_cache": used.tokens_cached,
            "tokens_written": used.tokens_out,
            "cost": used.cost,
        }
