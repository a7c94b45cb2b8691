"""The figures of each hour: what is counted, once, and for how long it is kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import SignedInSession
from bot.models import Run, RunState
from jobs.models import FAILED, Job
from rooms.models import Message
from rooms.services import archiving, membership, messages
from staff import history
from staff.models import Sample
from staff.overview import SPANS, make_overview, span_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def hour():
    return timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)


def test_an_hour_is_counted_once_whatever_comes_later(alice, bob, hour):
    room = membership.create_room(alice, "Garden")
    said = [messages.post(alice, room.name, f"number {number}").message_id for number in range(5)]
    archiving.archive(alice, room.name)  # with a notice, which nobody has written
    Message.objects.filter(pk__gte=said[0]).update(created=hour + timedelta(minutes=5))
    Message.objects.filter(pk=said[0]).update(created=hour - timedelta(minutes=5))
    Message.objects.filter(pk=said[-1]).update(created=hour + timedelta(minutes=70))
    SignedInSession.objects.create(user=alice, session_key="a", last_used=hour + timedelta(minutes=5))
    SignedInSession.objects.create(user=alice, session_key="b", last_used=hour + timedelta(minutes=6))
    SignedInSession.objects.create(user=bob, session_key="c", last_used=hour - timedelta(hours=2))
    Job.objects.create(task="a.b", state=FAILED, finished=hour + timedelta(minutes=1))
    Job.objects.create(task="a.b", state=FAILED, finished=hour - timedelta(minutes=1))
    history.take_sample.call()
    found = Sample.objects.get()
    assert (found.hour, found.messages, found.people_active, found.people_active_day) == (hour, 3, 1, 2)
    assert found.jobs_failed == 1
    Message.objects.all().delete()
    history.take_sample.call()
    assert Sample.objects.get().messages == 3


def test_the_next_hour_begins_where_the_last_one_ended(alice, hour):
    room = membership.create_room(alice, "Garden")
    old = messages.post(alice, room.name, "long ago").message_id
    Message.objects.filter(pk=old).update(created=hour - timedelta(hours=3))
    before = Sample.objects.create(hour=hour - timedelta(hours=1), **history.measure(hour - timedelta(hours=1)))
    assert before.last_message == old
    new = messages.post(alice, room.name, "now").message_id
    Message.objects.filter(pk=new).update(created=hour + timedelta(minutes=1))
    history.take_sample.call()
    found = Sample.objects.get(hour=hour)
    assert (found.messages, found.last_message) == (1, new)


def test_answers_are_counted_by_their_question(alice, bot_user, hour):
    room = membership.create_room(alice, "Garden")
    membership.add_member(room, bot_user)
    for number, state in enumerate([RunState.DONE, RunState.DONE, RunState.FAILED]):
        question = messages.post(alice, room.name, f"question {number}").message_id
        reply = messages.post(alice, room.name, f"reply {number}").message_id
        Run.objects.create(
            bot=bot_user.bot, room=room, question_id=question, asker=alice, message_id=reply, state=state, spent=100,
            wait_ms=(number + 1) * 1000, cost=0.5, queued=hour + timedelta(minutes=number),
        )  # fmt: skip
    found = history.measure(hour)
    assert (found["questions"], found["questions_failed"], found["tokens"], found["cost"]) == (3, 1, 300, 1.5)
    assert found["wait_ms"] == 3000
    assert history.measure(hour - timedelta(hours=1))["wait_ms"] is None


def test_what_is_too_old_goes(hour):
    values = history.measure(hour)
    Sample.objects.create(hour=hour - history.KEPT - timedelta(hours=1), **values)
    Sample.objects.create(hour=hour - history.KEPT, **values)
    history.take_sample.call()
    assert set(Sample.objects.values_list("hour", flat=True)) == {hour, hour - history.KEPT}


def test_charts_have_a_column_for_each_hour_or_day(hour):
    values = history.measure(hour) | {"messages": 4, "people_active": 2, "people_active_day": 3, "cost": None}
    for back in (0, 1, 30):
        Sample.objects.create(hour=hour - timedelta(hours=back), **values)
    day, week, month = (make_overview(span) for span in SPANS)
    charts = {chart.title: chart for chart in day.charts}
    assert [row.values[0] for row in charts["Messages"].rows[-3:]] == [None, 4, 4]
    assert (len(charts["Messages"].rows), charts["People"].top) == (24, 2)
    assert "Cost" not in charts
    for wide, columns in ((week, 7), (month, 30)):
        charts = {chart.title: chart for chart in wide.charts}
        assert (len(charts["Messages"].rows), charts["People"].top) == (columns, 3)
        assert sum(row.values[0] or 0 for row in charts["Messages"].rows) == 12
    assert span_of("week") == SPANS[1]
    assert span_of("nonsense") == SPANS[0]
