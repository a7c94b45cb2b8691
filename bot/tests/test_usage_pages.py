"""The pages about what bots used: to everyone their own, to staff without the names of rooms closed to them."""

import pytest
from django.contrib.auth.models import Permission

from bot.provisioning import create_bot
from bot.usage.charts import draw
from bot.usage.period import Period
from bot.usage.report import describe_failure, make_report
from bot.usage.statistics import Figures
from rooms.services import membership

REPORT = "/admin/bot/bot/usage/"


@pytest.fixture
def staff(make_user):
    return make_user("sam", is_staff=True, is_superuser=True)


@pytest.mark.django_db
def test_my_page_shows_my_share_and_nobody_elses(client, use, alice, bob):
    use(12_345)
    use(777, asker=bob)
    client.force_login(alice)
    page = client.get("/usage/").content.decode()
    assert "12,345 of 200,000 tokens used, 187,655 left." in page and "777" not in page
    assert "read 12,345 tokens" in page and "<rect" in page and "style=" not in page


@pytest.mark.django_db
def test_my_page_shows_only_bots_that_answer_me(client, alice, charlie, room):
    elsewhere = create_bot("helper")
    elsewhere.rooms.add(room)
    for user, shown in ((alice, True), (charlie, False)):
        client.force_login(user)
        assert ("@helper" in client.get("/usage/").content.decode()) is shown


@pytest.mark.django_db
def test_a_room_shows_its_meter_to_its_moderators(client, use, alice, charlie, room):
    use(54_321)
    membership.get_or_join(charlie, room.name)
    for user, shown in ((alice, True), (charlie, False)):
        client.force_login(user)
        page = client.get(f"/chat/{room.name}/about/").content.decode()
        assert ("54,321 of 1,000,000 tokens used" in page) is shown


@pytest.mark.django_db
def test_a_room_in_which_no_bot_answers_has_no_meter(client, alice, bot, room):
    bot.enabled = False
    bot.save()
    client.force_login(alice)
    assert "bot-usage" not in client.get(f"/chat/{room.name}/about/").content.decode()


@pytest.mark.django_db
def test_the_report_is_for_staff_that_may_look_at_replies(client, alice, staff, make_user):
    clerk = make_user("kim", is_staff=True)
    answers = {}
    for user in (alice, clerk, staff):
        client.force_login(user)
        answers[user.username] = client.get(REPORT).status_code
    assert answers == {"alice": 302, "kim": 403, "sam": 200}
    clerk.user_permissions.add(Permission.objects.get(codename="view_run"))
    client.force_login(clerk)
    assert client.get(REPORT).status_code == 200 and client.post(REPORT).status_code == 405


@pytest.mark.django_db
def test_the_report_names_only_rooms_that_its_reader_may_enter(use, client, staff, alice, bob):
    secret = membership.create_room(alice, "Takeover", "private")
    use(100)
    use(4000, room=secret, asker=bob, cost=2.5)
    report = make_report(staff, Period.chosen("30"))
    rooms = {name: each.tokens_in for name, each in report.tables[1].rows}
    assert rooms == {"Lobby": 100, "Other rooms": 4000}
    assert {name: each.tokens_in for name, each in report.tables[2].rows} == {"bob": 4000, "alice": 100, "Others": 0}
    client.force_login(staff)
    page = client.get(REPORT, {"days": "7"}).content.decode()
    assert "Takeover" not in page and "2.5000" in page and 'aria-current="page"' in page


@pytest.mark.django_db
def test_without_prices_no_cost_is_shown(client, use, staff):
    use(100)
    client.force_login(staff)
    assert "Cost" not in client.get(REPORT).content.decode()


def test_reasons_are_told_as_sentences():
    assert describe_failure("model_busy_for") == "The model is busy. Ask again in … seconds."
    assert describe_failure("question_deleted") == "The question was deleted."
    assert describe_failure("") == describe_failure("gone in this version") == "Other reasons"


def test_bars_fill_the_height_of_the_highest_day():
    period = Period.chosen("7")
    days = {day: Figures(tokens_in=number, tokens_out=number) for number, day in enumerate(period.dates)}
    series = {"in": lambda day: day.tokens_in, "out": lambda day: day.tokens_out}
    stacked = draw("Tokens", days, series)
    assert (stacked.top, stacked.width, len(stacked.bars)) == (12, 70, 12)  # the first day has none
    assert [(bar.y, bar.height, bar.color) for bar in stacked.bars[-2:]] == [(50, 50, 1), (0, 50, 2)]
    beside = draw("Tokens", days, series, stacked=False)
    assert [(bar.y, bar.height) for bar in beside.bars[-2:]] == [(0, 100), (0, 100)]
    assert draw("Tokens", {day: Figures() for day in period.dates}, series).is_empty


@pytest.mark.parametrize(("text", "days"), [("7", 7), ("30", 30), ("90", 90), (None, 30), ("1000000", 30), ("٧", 30)])
def test_only_some_periods_can_be_chosen(text, days):
    assert len(Period.chosen(text).dates) == days
