"""The push that somebody sends to a device of theirs, to see whether pushes arrive."""

import pytest

from notifications.models import PushSubscription
from notifications.push import devices, sending

pytestmark = pytest.mark.django_db


def test_a_test_arrives_at_the_device_that_was_asked_for(alice, device, service):
    phone, other = device(alice, "phone"), device(alice, "other")
    for _time in range(2):
        devices.send_test(alice, phone.row.pk)
        sending.send_waiting.call()
    assert [each["body"] for each in service.shown(phone)] == ["This device shows notifications."] * 2
    assert service.shown(other) == []


@pytest.mark.parametrize(("chosen", "words"), [("en", "This device shows"), ("", "Dieses Gerät zeigt")])
def test_a_test_is_in_the_language_of_its_owner_or_else_of_the_device(chosen, words, alice, device, service):
    phone = device(alice)
    PushSubscription.objects.update(language="de")
    type(alice).objects.filter(pk=alice.pk).update(preferences={"language": chosen} if chosen else {})
    devices.send_test(alice, phone.row.pk)
    sending.send_waiting.call()
    assert service.shown(phone)[0]["body"].startswith(words)
