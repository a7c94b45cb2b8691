"""A device hears of what its owner has not read: once, and of nothing that is not theirs to read any more."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.statuses import Availability
from jobs import schedule
from jobs.worker import run_all
from mysite.regular_work import WATCHED
from notifications import due
from notifications.models import DeliverySettings, DeliveryState, PushDelivery, PushSubscription
from notifications.push import devices, sending
from rooms.models import Notification
from rooms.services import blocks, deletion, direct_messages, levels, membership, messages, moderation
from rooms.services.inbox_changes import mark_all_done

from .calls import come_due, mention, send

pytestmark = pytest.mark.django_db


def test_each_device_hears_of_it_once_and_again_when_it_was_read(alice, bob, lobby, device, service):
    phone, laptop, stranger = device(alice, "phone"), device(alice, "laptop"), device(bob)
    said = mention(bob, lobby)
    for _time in range(2):
        assert schedule.enqueue_wanted(WATCHED) == (1 - _time)
        run_all()
        while schedule.enqueue_wanted(WATCHED):
            run_all()
    (told,) = service.shown(phone)
    assert service.shown(laptop) == [told] and service.shown(stranger) == []
    assert told == {
        "v": 1, "type": "show", "id": Notification.objects.get().pk, "tag": f"room:{lobby.name}", "kind": "mention",
        "title": "bob mentioned you in Lobby", "body": "@alice lunch at noon?",
        "url": f"/chat/lobby/#m{said.message_id}",
        "room": "lobby", "message": said.message_id, "count": 1, "badge": 1, "icon": "", "at": told["at"],
        "words": {"reply": "Reply", "read": "Mark as read", "failed": "Your reply was not sent."},
    }  # fmt: skip
    assert PushSubscription.objects.get(session="phone").last_used
    messages.mark_read(alice, "lobby", said.seq)
    send()
    send()
    closed = {"v": 1, "type": "close", "tags": ["room:lobby"], "badge": 0}
    assert service.shown(phone) == service.shown(laptop) == [told, closed]
    topics = {push.headers["topic"] for push in service.pushes if push.endpoint == phone.endpoint}
    assert len(topics) == 1 and "lobby" not in str(topics)
    assert not sending.is_any_due() and not due.is_any_due()


@pytest.mark.parametrize("when", ["before it is due", "before it leaves"])
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda alice, bob, room, said: messages.mark_read(alice, room.name, said.seq), id="read"),
        pytest.param(lambda alice, bob, room, said: mark_all_done(alice), id="done"),
        pytest.param(lambda alice, bob, room, said: messages.delete(bob, room.name, said.message_id), id="deleted"),
        pytest.param(lambda alice, bob, room, said: messages.edit(bob, room.name, said.message_id, "x"), id="edited"),
        pytest.param(lambda alice, bob, room, said: moderation.remove(bob, room.name, alice.pk), id="kicked"),
        pytest.param(lambda alice, bob, room, said: moderation.remove(bob, room.name, alice.pk, ban=True), id="banned"),
        pytest.param(lambda alice, bob, room, said: blocks.block(alice, "bob"), id="blocked"),
        pytest.param(lambda alice, bob, room, said: levels.mute(alice, room.name, True), id="muted"),
        pytest.param(lambda alice, bob, room, said: levels.set_level(alice, room.name, "nothing"), id="level"),
        pytest.param(lambda alice, bob, room, said: devices.access_ended(None, alice.pk, "s"), id="signed out"),
        pytest.param(lambda alice, bob, room, said: PushSubscription.objects.update(ends=timezone.now()), id="expired"),
    ],
)
def test_nothing_leaves_of_what_does_not_concern_them_any_more(change, when, alice, bob, device, service):
    room = membership.create_room(bob, "Plans", "private")
    membership.add_member(room, alice)
    phone = device(alice)
    said = mention(bob, room)
    if when == "before it leaves":
        due.take_due.call()
        assert sending.is_any_due()
    change(alice, bob, room, said)
    send()
    assert service.shown(phone) == [] and not sending.is_any_due()


def test_what_is_withdrawn_goes_from_the_devices_that_were_told(alice, bob, lobby, device, service, settings):
    phone = device(alice)
    said = mention(bob, lobby)
    send()
    tablet = device(alice, "later")
    messages.delete(bob, "lobby", said.message_id)
    send()
    assert [each["type"] for each in service.shown(phone)] == ["show", "close"] and service.shown(tablet) == []
    assert set(PushDelivery.objects.values_list("state", flat=True)) == {DeliveryState.CLOSED}


def test_a_room_with_more_that_is_unread_stays_on_the_device_until_all_is_read(alice, bob, lobby, device, service):
    phone = device(alice)
    first = mention(bob, lobby)
    send()
    second = mention(bob, lobby)
    send()
    messages.delete(bob, "lobby", second.message_id)
    send()
    assert not sending.is_any_due(), "what stays there is not looked at again and again"
    assert [each["type"] for each in service.shown(phone)] == ["show", "show"]
    messages.mark_read(alice, "lobby", first.seq)
    send()
    assert [each["type"] for each in service.shown(phone)] == ["show", "show", "close"]


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda alice, bob, said: moderation.remove(bob, "plans", alice.pk), id="kicked"),
        pytest.param(lambda alice, bob, said: moderation.remove(bob, "plans", alice.pk, ban=True), id="banned"),
        pytest.param(lambda alice, bob, said: membership.leave(alice, "plans"), id="left"),
        pytest.param(lambda alice, bob, said: deletion.delete(bob, "plans"), id="room deleted"),
        pytest.param(lambda alice, bob, said: levels.mute(alice, "plans", True), id="muted"),
        pytest.param(lambda alice, bob, said: levels.set_level(alice, "plans", "nothing"), id="nothing"),
        pytest.param(lambda alice, bob, said: levels.set_default_level(alice, "nothing"), id="nothing anywhere"),
        pytest.param(lambda alice, bob, said: messages.delete(bob, "plans", said), id="taken back by a job"),
    ],
)
def test_what_a_device_shows_goes_with_the_right_to_read_it_or_the_wish(end, alice, bob, device, service, monkeypatch):
    monkeypatch.setattr("rooms.services.notifications.CLEANED", 0)
    room = membership.get_or_create_and_join(bob, "Plans")
    membership.get_or_join(alice, "plans")
    phone = device(alice)
    said = mention(bob, room).message_id
    send()
    with monkeypatch.context() as one_by_one:
        end(alice, bob, said)
        one_by_one.setattr("rooms.services.notifications.CLEANED", 1)
        one_by_one.setattr("rooms.services.notification_counts.BATCH_SIZE", 1)
        run_all()
    send()
    assert [each["type"] for each in service.shown(phone)] == ["show", "close"]


def test_what_a_job_has_not_taken_back_yet_is_not_sent(alice, bob, lobby, device, service, monkeypatch):
    monkeypatch.setattr("rooms.services.notifications.CLEANED", 0)
    phone = device(alice)
    messages.delete(bob, "lobby", mention(bob, lobby).message_id)
    assert Notification.objects.exists()
    send()
    assert service.shown(phone) == []


def test_a_device_of_apple_is_not_told_to_take_something_away(alice, bob, lobby, device, service, monkeypatch):
    phone = device(alice)
    said = mention(bob, lobby)
    send()
    monkeypatch.setattr("notifications.push.hosts._APPLE", "127.0.0.1")
    messages.mark_read(alice, "lobby", said.seq)
    send()
    assert len(service.shown(phone)) == 1 and not sending.is_any_due()


def test_a_room_is_one_push_of_the_newest_and_another_room_another(alice, bob, lobby, device, service):
    phone = device(alice)
    other = membership.get_or_create_and_join(bob, "Kitchen")
    membership.get_or_create_and_join(alice, "Kitchen")
    for number in range(3):
        mention(bob, lobby, f"@alice {number}")
    mention(bob, other)
    send()
    told = {each["room"]: (each["body"], each["count"], each["badge"]) for each in service.shown(phone)}
    assert told == {"lobby": ("@alice 2", 3, 4), "kitchen": ("@alice lunch at noon?", 1, 4)}


def test_no_more_than_so_many_an_hour_and_what_is_more_waits(alice, bob, lobby, device, service, settings):
    settings.PUSH_PER_HOUR = 2
    phone = device(alice)
    for number in range(4):
        mention(bob, lobby, f"@alice {number}")
        send()
    assert [each["body"] for each in service.shown(phone)] == ["@alice 0", "@alice 1"]
    assert Notification.objects.filter(push_after__gt=timezone.now() + timedelta(minutes=59)).count() == 2
    PushDelivery.objects.update(created=timezone.now() - timedelta(hours=2))
    come_due()
    send()
    assert [each["body"] for each in service.shown(phone)][2:] == ["@alice 3"]


def test_a_person_who_is_not_to_be_disturbed_is_told_afterwards(alice, bob, lobby, device, service):
    phone = device(alice)
    alice.availability = Availability.DO_NOT_DISTURB
    alice.status_until = timezone.now() + timedelta(hours=1)
    alice.save()
    mention(bob, lobby)
    send()
    assert service.shown(phone) == [] and Notification.objects.get().push_after == alice.status_until
    alice.availability = ""
    alice.save()
    come_due()
    send()
    assert len(service.shown(phone)) == 1


def test_without_an_end_nothing_is_kept_for_later_but_chosen_people_come_through(
    alice, bob, charlie, lobby, device, service
):
    phone = device(alice)
    alice.availability = Availability.DO_NOT_DISTURB
    alice.save()
    DeliverySettings.objects.create(user=alice).exceptions.add(charlie)
    mention(bob, lobby)
    mention(charlie, membership.get_or_create_and_join(charlie, "Lobby"))
    rooms = {person: direct_messages.get_or_create_direct_message(person, alice.username) for person in (bob, charlie)}
    for person, room in rooms.items():
        messages.post(person, room.name, "are you there?")
    send()
    assert [(each["title"], each["body"]) for each in service.shown(phone)] == [("charlie", "are you there?")]
    assert not due.is_any_due()


@pytest.mark.parametrize("of_server", [True, False])
def test_a_device_may_be_told_neither_who_nor_what(of_server, alice, bob, lobby, device, service, settings):
    phone = device(alice)
    if of_server:
        settings.PUSH_CONTENT = False
    else:
        DeliverySettings.objects.create(user=alice, push_content=False)
    PushSubscription.objects.update(language="de")
    mention(bob, lobby)
    send()
    (told,) = service.shown(phone)
    assert (told["title"], told["body"], told["icon"]) == ("Roundtable", "Neue Nachricht", "")
    assert told["words"]["reply"] == "Antworten"


def test_a_transaction_that_fails_tells_nobody(alice, bob, lobby, device, service):
    phone = device(alice)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        mention(bob, lobby)
        raise ZeroDivisionError
    send()
    assert service.shown(phone) == []
