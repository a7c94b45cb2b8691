"""Push services that are gone, busy or silent, and whoever dies while sending: nothing is lost, nobody else waits."""

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications import due
from notifications.models import DeliveryState, PushDelivery, PushSubscription
from notifications.push import backlog, devices, preparation, sending, transport
from rooms.services import messages

from .calls import come_due, mention, send

pytestmark = pytest.mark.django_db


def test_a_device_that_is_gone_is_forgotten(alice, bob, lobby, device, service):
    gone, kept = device(alice, "gone"), device(alice, "kept")
    service.answers[gone.endpoint] = [(410, {})]
    mention(bob, lobby)
    send()
    assert PushSubscription.objects.get().session == "kept" and len(service.shown(kept)) == 1


@pytest.mark.parametrize(
    ("status", "said", "low", "high"), [(429, "120", 110, 121), (503, "", 5, 11), (500, "", 5, 11)]
)
def test_a_busy_service_is_tried_again_when_it_says(status, said, low, high, alice, bob, lobby, device, service):
    phone, other = device(alice, "phone"), device(alice, "other")
    service.answers[phone.endpoint] = [(status, {"Retry-After": said} if said else {})]
    mention(bob, lobby)
    send()
    row = PushDelivery.objects.get(subscription=phone.row)
    wait = (row.due - timezone.now()).total_seconds()
    assert low < wait < high and row.state == DeliveryState.WAITING
    assert service.shown(phone) == [] and len(service.shown(other)) == 1
    come_due()
    send()
    assert len(service.shown(phone)) == len(service.shown(other)) == 1


def test_what_is_taken_at_no_attempt_is_given_up(alice, bob, lobby, device, service):
    phone = device(alice)
    service.answers[phone.endpoint] = [(500, {})] * 20
    mention(bob, lobby)
    for _attempt in range(10):
        send()
        come_due()
    assert len(service.refused) == sending.MAX_ATTEMPTS and PushDelivery.objects.get().state == DeliveryState.DROPPED


def test_one_that_does_not_answer_keeps_no_other_waiting(alice, bob, lobby, device, service, monkeypatch):
    monkeypatch.setattr(transport, "AT_ONCE", 2)
    slow, others = device(alice, "slow"), {device(alice, str(number)).endpoint for number in range(4)}
    service.held.add(slow.endpoint)
    mention(bob, lobby)
    due.take_due.call()
    answers = transport.send([each.request for each in preparation.prepare(sending._claim()).outgoing])
    assert {next(answers)[0].endpoint for _other in others} == others
    service.release.set()
    assert next(answers)[0].endpoint == slow.endpoint


def test_no_answer_is_waited_for_so_long(alice, bob, lobby, device, service, monkeypatch):
    monkeypatch.setattr(transport, "SECONDS", 0.1)
    slow = device(alice)
    service.held.add(slow.endpoint)
    mention(bob, lobby)
    send()
    row = PushDelivery.objects.get()
    assert (row.state, row.answer) == (DeliveryState.WAITING, "timeout") and row.due > timezone.now()


def test_whoever_dies_while_sending_is_taken_over_and_what_was_sent_is_the_same(alice, bob, lobby, device, service):
    """Nothing is lost. What was taken, and not written down, is sent again with the same id and topic."""
    phone, other = device(alice, "phone"), device(alice, "other")
    mention(bob, lobby)
    due.take_due.call()
    for row in sending._claim():
        assert row.state == DeliveryState.WAITING
    sending.send_waiting.call()
    assert service.shown(phone) == service.shown(other) == []  # it is held
    come_due()
    first = preparation.prepare(sending._claim()).outgoing[0].request
    list(transport.send([first]))  # and it dies
    come_due()
    send()
    shown = {each.endpoint: service.shown(each) for each in (phone, other)}
    again = shown.pop(first.endpoint)
    assert again[0] == again[1] and [len(each) for each in shown.values()] == [1]


def test_what_was_read_while_it_was_being_sent_goes_again(alice, bob, lobby, device, service, monkeypatch):
    phone = device(alice)
    said = mention(bob, lobby)
    real = transport.send

    def read_meanwhile(requests):
        yield from real(requests)
        if service.shown(phone)[-1]["type"] == "show":
            messages.mark_read(alice, "lobby", said.seq)

    monkeypatch.setattr(transport, "send", read_meanwhile)
    send()
    assert [each["type"] for each in service.shown(phone)] == ["show", "close"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (
            403,
            b"the VAPID credentials in the authorization header do not correspond to the credentials used to create"
            b" the subscriptions.\n",
        ),
        (401, b'{"code":401,"errno":109,"error":"Unauthorized","message":"VAPID public key mismatch"}'),
        (400, b'{"reason":"VapidPkHashMismatch"}'),
    ],
    ids=["Google", "Mozilla", "Apple"],
)
def test_a_device_of_another_key_is_ended_and_others_are_told(status, body, alice, bob, lobby, device, service):
    old, new = device(alice, "old"), device(alice, "new")
    service.answers[old.endpoint] = [(status, {}, body)] * 9
    mention(bob, lobby)
    send()
    mention(bob, lobby, "@alice and tea?")
    send()
    assert len(service.refused) == 1 and len(service.shown(new)) == 2
    assert [each.pk for each in devices.devices_of(alice.pk)] == [new.row.pk]
    assert backlog.counts()["refused"] == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_service_that_does_not_take_the_key_is_for_staff(
    status, alice, bob, lobby, device, service, client, django_user_model
):
    """It may be this server's clock, so no device is ended."""
    phone = device(alice)
    service.answers[phone.endpoint] = [(status, {}, b'{"message": "Invalid authorization"}')] * 2
    mention(bob, lobby)
    send()
    assert backlog.counts() | {"refused": 1, "failed": 1} == backlog.counts()
    client.force_login(django_user_model.objects.create_superuser("root"))
    page = client.get(reverse("admin:notifications_pushdelivery_changelist")).text
    assert (
        "1 push was refused for the key of this server" in page
        and f"the key of this server was refused ({status})" in page
    )
    assert phone.endpoint not in page and "lunch" not in page
    mention(bob, lobby, "@alice and tea?")
    service.answers[phone.endpoint].clear()
    send()
    assert [each["body"] for each in service.shown(phone)] == ["@alice and tea?"]
