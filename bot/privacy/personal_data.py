"""What bots keep of a person: which questions they asked when, what they think of the answers, how many tokens these
took."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from rooms.privacy.personal_data import Section, in_batches, visible_titles

from ..models import Feedback, Run, Usage


def collect_personal_data(sender, user: User, **_signal) -> list[Section]:
    return [
        Section("bot_questions", _("Questions to bots"), _questions(user)),
        Section("bot_feedback", _("What you think of answers"), _feedback(user)),
        Section("bot_usage", _("Tokens that bots used for you"), _usage(user)),
    ]


def _questions(user: User) -> Iterator[dict]:
    asked = Run.objects.filter(asker=user).select_related("bot__user", "question")
    for portion in in_batches(asked):
        titles = visible_titles(user, [run.reading_room_id for run in portion])
        for run in portion:
            yield {
                "bot": run.bot.user.username,
                "room": titles.get(run.reading_room_id),
                "question": run.question_id,
                "asked": run.queued,
                "state": run.state,
                "tokens_read": run.tokens_in,
                "tokens_written": run.tokens_out,
                "first_word_after_ms": run.wait_ms,
            }


def _feedback(user: User) -> Iterator[dict]:
    for portion in in_batches(Feedback.objects.filter(user=user).select_related("run__bot__user")):
        titles = visible_titles(user, [each.run.room_id for each in portion])
        for each in portion:
            yield {
                "bot": each.run.bot.user.username,
                "room": titles.get(each.run.room_id),
                "answer": each.run.message_id,
                "is_good": each.is_good,
                "reason": each.reason,
                "given": each.given,
            }


def _usage(user: User) -> Iterator[dict]:
    for portion in in_batches(Usage.objects.filter(asker=user).select_related("bot__user")):
        titles = visible_titles(user, [used.room_id for used in portion])
        for used in portion:
            yield {
                "day": used.day.isoformat(),
                "bot": used.bot.user.username,
                "room": titles.get(used.room_id),
                "tokens": used.tokens,
                "tokens_read": used.tokens_in,
                "tokens_read_from_cache": used.tokens_cached,
                "tokens_written": used.tokens_out,
                "cost": used.cost,
            }
