"""People report messages and people; moderators decide once, by what was kept as evidence."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import ServerRole
from audit.models import Entry
from rooms.kernel.errors import ChatError
from rooms.models import Evidence, Membership, Message, Notification, Report, RoomKind
from rooms.privacy import erasure
from rooms.privacy.personal_data import iter_sections
from rooms.services import (
    direct_messages,
    membership,
    messages,
    moderation,
    report_queue,
    report_upkeep,
    reports,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast", "unpublished")]


@pytest.fixture
def server_moderator(make_user):
    return make_user("mod", server_role=ServerRole.MODERATOR)


@pytest.fixture
def dora(make_user):
    return make_user("dora")


@pytest.fixture
def insult(bob, charlie, lobby):
    """A message of bob in alice's room, where charlie is, too."""
    membership.get_or_join(charlie, "lobby")
    return Message.objects.get(pk=messages.post(bob, "lobby", "you fool").message_id)


def refused(act, *args, **fields) -> str:
    with pytest.raises(ChatError) as error:
        act(*args, **fields)
    return error.value.reason


def test_the_message_and_those_beside_it_are_kept_as_they_were(alice, bob, charlie, lobby):
    membership.get_or_join(charlie, "lobby")
    posted = [messages.post(bob, "lobby", f"word {number}").message_id for number in range(15)]
    reported = posted[7]
    report = reports.report_message(charlie, "lobby", reported, "harassment", "Look at this")
    messages.edit(bob, "lobby", reported, "nothing")
    messages.delete(bob, "lobby", posted[6])
    kept = list(Evidence.objects.filter(report=report))
    assert [each.number for each in kept] == posted[2:13]
    assert [each.text for each in kept] == [f"word {number}" for number in range(2, 13)]
    assert [each.number for each in kept if each.is_reported] == [reported]
    assert (report.person, report.reporter, report.words, report.of_server) == (bob, charlie, "Look at this", False)


def test_what_is_kept_is_bounded(bob, charlie, lobby, insult):
    messages.post(bob, "lobby", "x" * 3000)
    report = reports.report_message(charlie, "lobby", insult.pk, "spam")
    assert [len(each.text) for each in report.evidence.all()] == [len("you fool"), reports.MAX_BESIDE]


def test_reporting_twice_is_once_until_it_is_decided(alice, charlie, insult):
    first = reports.report_message(charlie, "lobby", insult.pk, "spam")
    assert reports.report_message(charlie, "lobby", insult.pk, "hate") == first
    report_queue.decide(alice, first.pk, "dismiss")
    assert reports.report_message(charlie, "lobby", insult.pk, "hate") != first
    person = reports.report_person(charlie, "bob", "spam")
    assert reports.report_person(charlie, "bob", "spam") == person


def test_what_cannot_be_reported(alice, bob, charlie, lobby, insult):
    report = lambda user, id, *why: refused(reports.report_message, user, "lobby", id, *why)  # noqa: E731
    assert report(bob, insult.pk, "spam") == "report_yourself"
    assert refused(reports.report_person, bob, "bob", "spam") == "report_yourself"
    assert report(charlie, insult.pk, "boredom") == "unknown_report_reason"
    assert report(charlie, insult.pk, "spam", "x" * 501) == "explanation_too_long"
    assert report(charlie, 2**62, "spam") == "no_such_message"
    plans = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    secret = messages.post(alice, plans.name, "psst").message_id
    assert refused(reports.report_message, charlie, plans.name, secret, "spam") == "no_such_room"
    assert report(charlie, secret, "spam") == "no_such_message"
    moderation.remove(alice, "lobby", charlie.id)
    notice = Message.objects.get(room=lobby, kind="notice")
    assert report(bob, notice.pk, "spam") == "not_reportable"


def test_so_many_a_day(bob, charlie, lobby, monkeypatch):
    monkeypatch.setattr("rooms.services.daily_limits.MAX_REPORTS_PER_DAY", 2)
    charlie.date_joined = timezone.now() - timedelta(days=3)
    posted = [messages.post(bob, "lobby", "hi").message_id for _ in range(3)]
    for id in posted[:2]:
        reports.report_message(charlie, "lobby", id, "spam")
    assert refused(reports.report_message, charlie, "lobby", posted[2], "spam") == "too_many_reports"


def test_who_sees_which_reports(alice, bob, charlie, dora, server_moderator, insult):
    direct = direct_messages.get_or_create_direct_message(bob, "charlie")
    psst = messages.post(bob, direct.name, "psst").message_id
    of_room = reports.report_message(charlie, "lobby", insult.pk, "spam")
    of_direct = reports.report_message(charlie, direct.name, psst, "harassment")
    of_person = reports.report_person(charlie, "bob", "spam")
    of_owner = reports.report_message(charlie, "lobby", messages.post(alice, "lobby", "hm").message_id, "spam")
    of_moderator = reports.report_person(charlie, "mod", "spam")
    assert report_queue.queue(alice) == [of_room]
    assert report_queue.queue(server_moderator) == [of_room, of_direct, of_person, of_owner]
    for user in (bob, charlie, dora):
        assert report_queue.queue(user) == []
        assert refused(report_queue.decide, user, of_room.pk, "dismiss") == "no_such_report"
    assert refused(report_queue.decide, alice, of_direct.pk, "dismiss") == "no_such_report"
    assert refused(report_queue.decide, server_moderator, of_moderator.pk, "dismiss") == "no_such_report"
    assert report_queue.count_open(server_moderator) == 4


@pytest.mark.parametrize(
    ("decision", "text", "belongs", "banned"),
    [
        ("dismiss", "you fool", True, False),
        ("done", "you fool", True, False),
        ("delete", "", True, False),
        ("remove", "you fool", False, False),
        ("ban", "you fool", False, True),
    ],
)
def test_a_decision_does_what_it_says_and_is_one_entry(alice, bob, charlie, insult, decision, text, belongs, banned):
    report = reports.report_message(charlie, "lobby", insult.pk, "harassment")
    before = Entry.objects.count()
    report_queue.decide(alice, report.pk, decision, "seen")
    insult.refresh_from_db()
    assert insult.text == text
    assert Membership.objects.filter(user=bob, banned=False).exists() == belongs
    assert Membership.objects.filter(user=bob, banned=True).exists() == banned
    [entry] = Entry.objects.order_by("pk")[before:]
    assert (entry.act, entry.actor, entry.person) == ("report.decided_in_room", alice.pk, bob.pk)
    assert entry.params == {"report": report.pk, "decision": decision}
    report.refresh_from_db()
    assert (report.decision, report.decided_by, report.note) == (decision, alice, "seen")


def test_two_moderators_do_not_decide_twice(alice, charlie, dora, server_moderator, insult):
    first = reports.report_message(charlie, "lobby", insult.pk, "spam")
    membership.get_or_join(dora, "lobby")
    second = reports.report_message(dora, "lobby", insult.pk, "hate")
    report_queue.decide(alice, first.pk, "delete")
    for report in (first, second):  # that of the same message is decided with it
        assert refused(report_queue.decide, server_moderator, report.pk, "ban") == "report_decided"
        assert refused(report_queue.assign, server_moderator, report.pk, True) == "report_decided"
    assert Entry.objects.filter(act="report.decided_in_room").count() == 1
    assert not Membership.objects.filter(banned=True).exists()


def test_a_moderator_of_the_server_acts_in_rooms_that_they_are_not_in(alice, bob, charlie, server_moderator):
    plans = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    for user in (bob, charlie):
        membership.add_member(plans, user)
    said = messages.post(bob, plans.name, "you fool").message_id
    report = reports.report_message(charlie, plans.name, said, "harassment")
    report_queue.decide(server_moderator, report.pk, "ban")
    assert Membership.objects.get(room=plans, user=bob).banned
    direct = direct_messages.get_or_create_direct_message(bob, "charlie")
    psst = messages.post(bob, direct.name, "psst").message_id
    report = reports.report_message(charlie, direct.name, psst, "harassment")
    assert set(report_queue.decisions_for(report)) == {"dismiss", "done", "delete"}
    report_queue.decide(server_moderator, report.pk, "delete")
    assert Message.objects.get(pk=psst).deleted
    assert refused(membership.get_visible_room, server_moderator.pk, plans.name) == "no_such_room"


def test_the_owner_of_a_room_is_not_taken_out_of_it(alice, bob, charlie, server_moderator, lobby):
    said = messages.post(alice, "lobby", "hm").message_id
    report = reports.report_message(bob, "lobby", said, "spam")
    assert refused(report_queue.decide, server_moderator, report.pk, "ban") == "cannot_remove"
    report.refresh_from_db()
    assert report.decided is None


def test_moderators_are_told_and_then_the_reporter(alice, bob, charlie, insult):
    report = reports.report_message(charlie, "lobby", insult.pk, "spam")
    told = Notification.objects.get(what="reported")
    assert (told.user, told.sentence) == (alice, "charlie reported a message in Lobby")
    report_queue.decide(alice, report.pk, "delete")
    told = Notification.objects.get(what="report_decided")
    assert (told.user, told.sentence) == (charlie, "alice has decided about your report in Lobby")
    assert not Notification.objects.filter(user=bob, kind="moderation").exists()


def test_evidence_stays_when_the_room_has_gone(alice, bob, charlie, server_moderator, insult):
    report = reports.report_message(charlie, "lobby", insult.pk, "spam")
    insult.room.delete()
    [left] = report_queue.queue(server_moderator)
    assert (left, left.room, left.message) == (report, None, None)
    assert [each.text for each in left.evidence.all()] == ["you fool"]
    assert report_queue.decisions_for(left) == ["dismiss", "done"]


def test_decided_reports_go_after_a_while(alice, charlie, settings, insult):
    settings.REPORT_DAYS = 7
    old, fresh = (reports.report_person(user, "bob", "spam") for user in (alice, charlie))
    Report.objects.filter(pk=old.pk).update(decided=timezone.now() - timedelta(days=8), decision="dismiss")
    report_upkeep.remove_old_reports.func()
    assert list(Report.objects.all()) == [fresh]
    settings.REPORT_DAYS = 0
    Report.objects.update(decided=timezone.now() - timedelta(days=999))
    report_upkeep.remove_old_reports.func()
    assert Report.objects.count() == 1


def erase(user):
    erasure.begin(user)
    while not erasure.is_done(user.id):
        erasure.run_next_batch(user.id)


def test_ones_own_reports_are_exported_and_forgotten(alice, bob, charlie, insult):
    report = reports.report_message(charlie, "lobby", insult.pk, "spam", "my words")
    [row] = [row for section in iter_sections(charlie) if section.key == "reports" for row in section.rows]
    assert (row["person"], row["reason"], row["words"], row["decision"]) == ("bob", "spam", "my words", "")
    assert not [row for section in iter_sections(bob) if section.key == "reports" for row in section.rows]
    erase(charlie)
    report.refresh_from_db()
    assert (report.reporter, report.words) == (None, "")


def test_what_an_erased_person_said_goes_from_evidence(bob, charlie, insult):
    reports.report_message(charlie, "lobby", insult.pk, "spam")
    erase(bob)
    assert [each.text for each in Evidence.objects.all()] == [""]
    assert Report.objects.get().person.username.startswith("deleted-account-")


def test_a_deleted_room_shows_its_moderators_no_reports(alice, charlie, insult):
    reports.report_message(charlie, "lobby", insult.pk, "spam")
    insult.room.__class__.objects.filter(pk=insult.room_id).update(deleted=timezone.now())
    assert report_queue.queue(alice) == []
