"""Quotas: who has a limit, of what, for how long, and what a refusal says."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import close_old_connections
from django.utils import timezone

from bot.llm.errors import ModelError
from bot.models import Run, RunState, Usage
from bot.provisioning import create_bot
from bot.queue import quota, runs
from rooms.models import Room

from .token_counts import counted, used

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("breaker")]


def test_a_person_a_room_and_all_have_limits_of_their_own(asked, alice, bob, bot):
    bot.person_daily_tokens, bot.room_daily_tokens, bot.daily_tokens = 2500, 4000, 10_000
    bot.save()
    quota.reserve(asked(alice), 200)
    quota.reserve(asked(alice), 200)
    with pytest.raises(ModelError, match="You have used your share of @bot for today. It resets at 00:00 UTC, in "):
        quota.reserve(asked(alice), 200)
    quota.reserve(asked(bob), 200)
    with pytest.raises(ModelError, match="This room has used its share"):
        quota.reserve(asked(bob), 200)


def test_what_was_not_used_is_given_back(asked, bot):
    bot.person_daily_tokens = 1500
    bot.save()
    first = asked()
    quota.reserve(first, 200)
    used(first, 100, 50)
    assert (first.spent, first.reserved) == (150, 0)
    quota.reserve(asked(), 200)


def test_what_a_dead_worker_may_have_used_counts(asked):
    run = asked()
    Run.objects.filter(pk=run.pk).update(attempts=1, state=RunState.RUNNING)
    quota.reserve(runs.load(run.pk), 200)
    Run.objects.filter(pk=run.pk).update(attempts=2)
    again = runs.load(run.pk)
    quota.reserve(again, 200)
    assert (again.spent, again.reserved, counted(run)) == (1200, 1200, 2400)
    used(again, 10, 10)
    assert (again.spent, counted(run)) == (1220, 1220)


def test_two_at_once_cannot_both_have_the_last(asked, bot):
    bot.person_daily_tokens = 1300
    bot.save()
    outcomes, together = [], threading.Barrier(6)

    def reserve(run):
        together.wait()
        try:
            quota.reserve(run, 200)
            outcomes.append("reserved")
        except ModelError:
            outcomes.append("refused")
        finally:
            close_old_connections()

    threads = [threading.Thread(target=reserve, args=(asked(),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 5 + ["reserved"]


def test_a_bot_and_the_server_have_limits_for_the_month(asked, bot, settings):
    run = asked()
    month = quota.utc_today().replace(day=1)
    Usage.objects.create(day=month, bot=bot, room=run.room, asker=run.asker, tokens=5000)
    bot.monthly_tokens = 6000
    bot.save()
    with pytest.raises(ModelError, match="reached its limit for this month. It resets in "):
        quota.reserve(asked(), 200)
    bot.monthly_tokens = None
    bot.save()
    settings.BOT_MONTHLY_TOKENS = 6000
    with pytest.raises(ModelError, match="The bots of this server have used their share for this month"):
        quota.reserve(asked(), 200)
    settings.BOT_MONTHLY_TOKENS = 0  # any number
    quota.reserve(asked(), 200)


def test_all_bots_of_the_server_share_a_day(asked, bot, settings, say, alice, room):
    settings.BOT_DAILY_TOKENS = 2300
    quota.reserve(asked(), 200)
    other = create_bot("helper", model="m")
    question = say(alice, "@helper hi")
    run = runs.load(Run.objects.get(question=question, bot=other).pk)
    with pytest.raises(ModelError, match="The bots of this server have used their share for today"):
        quota.reserve(run, 200)


def test_new_accounts_share_a_budget_until_somebody_vouches_for_them(asked, alice, bob, charlie, settings):
    settings.BOT_NEWCOMER_TOKENS = 2300
    quota.reserve(asked(alice), 200)
    with pytest.raises(ModelError, match="New accounts have used their share"):
        quota.reserve(asked(bob), 200)
    bob.vouched = True
    bob.save()
    quota.reserve(asked(bob), 200)
    charlie.date_joined = timezone.now() - timedelta(days=2)
    charlie.save()
    quota.reserve(asked(charlie), 200)


def test_all_together_have_a_limit(asked, alice, bob, bot):
    bot.daily_tokens = 2400
    bot.save()
    quota.reserve(asked(alice), 200)
    quota.reserve(asked(bob), 200)
    with pytest.raises(ModelError, match="@bot has reached its limit for today"):
        quota.reserve(asked(alice), 200)


def test_a_share_is_of_one_bot_in_one_room_for_one_person(asked, bot, bob, use, alice, room):
    other_room = Room.objects.create(kind="private", name="p-elsewhere", title="Elsewhere")
    use(5000, room=other_room, asker=bob)
    use(5000, bot=create_bot("helper", model="m"))
    bot.person_daily_tokens = bot.room_daily_tokens = 1500
    bot.save()
    quota.reserve(asked(alice), 200)
    with pytest.raises(ModelError, match="You have used your share"):
        quota.reserve(asked(alice), 400)


def test_what_was_used_yesterday_does_not_count(asked, bot):
    bot.person_daily_tokens = 1500
    bot.save()
    run = asked()
    Usage.objects.create(day=quota.utc_today() - quota.DAY, bot=bot, room=run.room, asker=run.asker, tokens=5000)
    quota.reserve(asked(), 200)


@pytest.mark.parametrize(
    ("now", "monthly", "left"),
    [
        (datetime(2026, 1, 1, 23, 30, tzinfo=UTC), False, {"left": "30 min"}),
        (datetime(2026, 1, 1, 22, 59, tzinfo=UTC), False, {"left": "1 h"}),
        (datetime(2026, 1, 26, 7, 12, tzinfo=UTC), True, {"count": 5}),
        (datetime(2026, 12, 30, 0, 0, tzinfo=UTC), True, {"count": 2}),
        (datetime(2026, 2, 27, 0, 1, tzinfo=UTC), True, {"left": "47 h"}),
    ],
)
def test_how_long_it_is_until_tokens_are_counted_anew(monkeypatch, now, monthly, left):
    monkeypatch.setattr(quota, "_now", lambda: now)
    assert quota.time_left(monthly) == left
