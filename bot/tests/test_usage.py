"""What bots used is counted right, and with few queries."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bot.models import Feedback, Run, RunState, Usage
from bot.queue import quota
from bot.usage import budgets, statistics
from bot.usage.period import Period
from bot.usage.report import make_report
from bot.usage.statistics import Figures
from e2e.model_server import Reply as Model
from rooms.kernel.db_executor import run_db
from rooms.models import Message
from rooms.services import bot_replies

from .conftest import answered, until, working


@pytest.fixture
def staff(make_user):
    return make_user("sam", is_staff=True, is_superuser=True)


@pytest.fixture
def asked(say, alice):
    """asked(wait_ms, **fields): a finished run; its question was asked just now."""

    def ask(wait_ms, user=alice, **fields):
        question = say(user, "@bot hi", **({"where": fields.pop("where")} if "where" in fields else {}))
        runs = Run.objects.filter(question=question)
        runs.update(**{"state": RunState.DONE, "wait_ms": wait_ms} | fields)
        return runs.get()

    return ask


@pytest.mark.django_db(transaction=True)
async def test_tokens_cost_waiting_time_and_the_reason_of_a_failure_are_kept(model, say, alice, bot, room):
    bot.price_in, bot.price_cached, bot.price_out = 1.0, 0.5, 2.0
    await run_db(bot.save)
    model.next(Model("One."), Model.error(401), Model("Two."))
    async with working():
        first = await answered(await run_db(say, alice, "@bot one"))
        failed = await answered(await run_db(say, alice, "@bot two"))
        await run_db(bot_replies.retry, alice, room.name, failed.message_id)
        await until(Run.objects.filter(pk=failed.pk, state="done").first)
    again = await Run.objects.aget(pk=failed.pk)
    assert (failed.failure, again.failure, first.failure) == ("model_key_rejected", "", "")
    assert failed.wait_ms is None and 0 <= first.first_token_ms <= first.wait_ms
    usage = await Usage.objects.aget()
    assert usage.tokens_in == first.tokens_in + failed.tokens_in + again.tokens_in > 0
    assert usage.tokens_out == first.tokens_out + failed.tokens_out + again.tokens_out > 0
    assert usage.cost == pytest.approx(bot.cost(usage.tokens_in, usage.tokens_cached, usage.tokens_out))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("waits", "median", "high"),
    [([5], 5, 5), ([1, 2], 1, 2), ([3, 1, 2], 2, 3), (range(1, 101), 50, 95), ([7] * 19 + [90], 7, 7)],
)
def test_median_and_95th_percentile_are_of_the_nearest_rank(asked, bot, waits, median, high):
    run = asked(0)
    Run.objects.all().delete()
    for number, wait in enumerate(waits):
        run.pk, run.wait_ms = None, wait
        run.question = run.question
        message = Message.objects.get(pk=run.question_id)
        message.pk, message.seq, message.first_seq, message.client_id = None, 1000 + number, 1000 + number, None
        message.save()
        run.question = run.message = message
        run.save()
    period, found = Period.chosen("7"), Figures()
    statistics.add_total_waits(found, period)
    assert (found.wait_median, found.wait_95) == (median, high)
    for each in (statistics.by_day(period)[period.last], statistics.by_column(period, "bot", 5).get(bot.pk, found)):
        assert (each.wait_median, each.wait_95) == (median, high)


@pytest.mark.django_db
def test_days_bots_rooms_and_people_are_added_up(use, asked, bot, room, alice, bob):
    use(100, tokens_cached=40, tokens_out=7, cost=0.5)
    use(30, asker=bob)
    use(1000, days_ago=6, cost=1.5)
    use(9999, days_ago=7)  # before the period
    asked(10)
    asked(None, user=bob, state=RunState.FAILED, failure="model_busy")
    period = Period.chosen("7")
    days = statistics.by_day(period)
    assert list(days) == period.dates and len(days) == 7
    assert [(each.tokens_in, each.asked, each.failed) for each in days.values()] == [
        (1000, 0, 0), *[(0, 0, 0)] * 5, (130, 2, 1)
    ]  # fmt: skip
    total = statistics.total(days)
    assert (total.tokens_in, total.tokens_cached, total.tokens_out, total.cost) == (1130, 40, 7, 2.0)
    assert (days[period.last].cached_percent, total.failed_percent) == (31, 50)
    people = statistics.by_column(period, "asker", 5)
    assert {key: (each.tokens_in, each.asked, each.failed) for key, each in people.items()} == {
        alice.pk: (1100, 1, 0), bob.pk: (30, 1, 1)
    }  # fmt: skip
    first = statistics.by_column(period, "asker", 1)
    assert list(first) == [alice.pk]
    assert total.without(list(first.values())).tokens_in == 30
    assert statistics.by_column(period, "room", 5)[room.pk].tokens_in == 1130
    assert statistics.failures(period) == [("model_busy", 1)]


@pytest.mark.django_db
def test_what_people_think_of_answers_is_counted(use, asked, bot, room, alice, bob):
    first, second = asked(10), asked(20, user=bob)
    use(1)
    use(1, asker=bob)
    for run, user, is_good in ((first, alice, True), (first, bob, True), (second, alice, False)):
        Feedback.objects.create(run=run, user=user, is_good=is_good)
    Feedback.objects.create(run=second, user=bob, is_good=True, given=timezone.now() - timedelta(days=7))
    period = Period.chosen("7")
    total = statistics.total(statistics.by_day(period))
    assert (total.good, total.bad) == (2, 1)
    people = statistics.by_column(period, "asker", 5)
    assert {key: (each.good, each.bad) for key, each in people.items()} == {alice.pk: (2, 0), bob.pk: (0, 1)}
    assert (
        statistics.by_column(period, "room", 5)[room.pk].good
        == statistics.by_column(period, "bot", 5)[bot.pk].good
        == 2
    )


@pytest.mark.django_db
def test_budgets_count_what_open_runs_have_reserved(use, asked, bot, room, alice, settings):
    settings.BOT_DAILY_TOKENS = 9000
    bot.monthly_tokens = 50_000
    bot.save()
    use(100)
    use(20, days_ago=1)
    asked(None, state=RunState.RUNNING, reserved=1000, reserved_on=quota.utc_today())
    (mine, *_newcomers) = budgets.of_person(alice, [bot])
    assert (mine.used, mine.limit, mine.left) == (1100, 200_000, 198_900)
    assert budgets.of_room(room, [bot])[0].used == 1100
    of_bot, of_month, of_server = budgets.of_server([bot])[:3]
    assert (of_bot.used, of_month.monthly, of_server.bot, of_server.limit) == (1100, True, None, 9000)
    assert of_month.used == (1120 if quota.utc_today().day > 1 else 1100)


@pytest.mark.django_db
def test_new_accounts_see_the_tokens_that_they_share(use, bot, alice, settings):
    settings.BOT_NEWCOMER_TOKENS = 500
    alice.date_joined, alice.vouched = timezone.now(), False
    alice.save()
    use(120)
    assert [(each.used, each.newcomers) for each in budgets.of_person(alice, [bot])] == [(120, False), (120, True)]
    alice.vouched = True
    assert len(budgets.of_person(alice, [bot])) == 1


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_what_is_counted(use, asked, staff, alice, bob):
    period = Period.chosen("90")
    use(10)
    asked(1)
    with CaptureQueriesContext(connection) as before:
        make_report(staff, period)
    for days in range(1, 40):
        use(10, days_ago=days)
        use(10, days_ago=days, asker=bob)
    for wait in range(5):
        asked(wait)
    with CaptureQueriesContext(connection) as after:
        make_report(staff, period)
    assert len(after) <= len(before) <= 30


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL reads a small table whole")
def test_statistics_of_runs_read_the_index_alone(bot):
    period = Period.chosen("90")
    with CaptureQueriesContext(connection) as captured:
        statistics.by_day(period)
        statistics.failures(period)
        statistics.add_total_waits(Figures(), period)
    asked = [query["sql"] for query in captured if "bot_run" in query["sql"]]
    assert len(asked) == 4
    for sql in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}".replace("%", "%%"))
            plan = [row[-1] for row in cursor.fetchall()]
        assert any("COVERING INDEX run_for_statistics" in step for step in plan), plan


@pytest.mark.django_db
def test_the_upgrade_takes_the_details_of_earlier_days_from_the_answers(use, asked):
    run = asked(10, tokens_in=90, tokens_cached=30, tokens_out=9, cost=0.25, finished=timezone.now())
    usage, other = use(99, tokens_in=0), use(5, tokens_in=0, days_ago=1)
    import_module("bot.migrations.0007_usage_details").fill_details(apps, None)
    usage.refresh_from_db()
    other.refresh_from_db()
    assert (usage.tokens_in, usage.tokens_cached, usage.tokens_out, usage.cost) == (90, 30, 9, run.cost)
    assert (usage.tokens, other.tokens_in, other.cost) == (99, 0, None)
